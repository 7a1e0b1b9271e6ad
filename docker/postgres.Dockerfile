FROM debian:forky-slim
# Debian would make a cluster of its own, which nobody uses.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-common \
 && echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf \
 && apt-get install -y --no-install-recommends postgresql \
 && rm -rf /var/lib/apt/lists/* \
 && ln -s /usr/lib/postgresql/*/bin /usr/lib/postgresql/bin
RUN useradd --uid 10001 --no-create-home rexian \
 && install -d -o rexian -g rexian -m 0700 /postgres
COPY postgres.sh /usr/local/bin/rexian-postgres
ENV PATH=/usr/lib/postgresql/bin:/usr/local/bin:/usr/bin:/bin
USER rexian
EXPOSE 5432
# Fast shutdown: open connections are cut and the files left whole.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=3s --timeout=5s --start-period=60s --retries=3 \
  CMD ["pg_isready", "--quiet", "--host=127.0.0.1", "--username=rexian", "--dbname=rexian"]
ENTRYPOINT ["sh", "/usr/local/bin/rexian-postgres"]
