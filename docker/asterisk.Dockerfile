# Asterisk with Debian's packages and none of Debian's configuration: all of it is rendered by docker/setup.ts.
FROM debian:forky-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk asterisk-core-sounds-en-gsm \
 && rm -rf /var/lib/apt/lists/*
# The modules' folder is named after the processor; asterisk.conf must not be. Asterisk writes a log file, people
# read the container's output. Both of its recording folders are the centre's one.
RUN useradd --uid 10001 --no-create-home rexian \
 && install -d -o rexian -g rexian -m 0700 /asterisk /sounds /recordings /var/log/rexian /var/spool/rexian \
 && ln -s /usr/lib/*-linux-gnu/asterisk/modules /usr/lib/asterisk-modules \
 && ln -s /dev/stdout /var/log/rexian/messages.log \
 && ln -s /recordings /var/spool/rexian/recording \
 && ln -s /recordings /var/spool/rexian/monitor
USER rexian
EXPOSE 5060/udp
HEALTHCHECK --interval=3s --timeout=5s --start-period=30s --retries=3 \
  CMD ["asterisk", "-C", "/asterisk/etc/asterisk.conf", "-rx", "core waitfullybooted"]
CMD ["asterisk", "-f", "-C", "/asterisk/etc/asterisk.conf"]
