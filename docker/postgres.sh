#!/bin/sh
# Makes the cluster at the first start, then becomes the server. Arguments go to the server.
set -eu

data=/postgres/data
if [ ! -d "$data" ]; then
  # It gets its name when it is whole, so a start that was cut short is simply made again.
  half=$data.half
  rm -rf "$half"
  initdb --pgdata="$half" --username=rexian --pwfile=/postgres/password --auth=scram-sha-256 --encoding=UTF8 \
    --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --set=timezone=UTC --set=log_timezone=UTC
  echo 'CREATE DATABASE rexian;' | postgres --single -D "$half" postgres >/dev/null
  echo 'host all all all scram-sha-256' >>"$half/pg_hba.conf"
  mv "$half" "$data"
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories= -c max_connections=200 "$@"
