FROM debian:forky-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends redis-server \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home rexian \
 && install -d -o rexian -g rexian -m 0700 /redis
COPY redis.conf /etc/rexian/redis.conf
USER rexian
EXPOSE 6379
HEALTHCHECK --interval=3s --timeout=5s --start-period=30s --retries=3 \
  CMD REDISCLI_AUTH="$(cut -d ' ' -f 2 /redis/password.conf)" redis-cli ping | grep -qx PONG
CMD ["redis-server", "/etc/rexian/redis.conf"]
