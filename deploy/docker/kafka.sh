#!/usr/bin/env bash
# Starts Kafka with the users and certificates of /run/secrets. The first time it makes its storage, and the users in it;
# later changes of passwords: `mangnon topics users`.
set -euo pipefail
umask 077
secrets=/run/secrets
bin=/opt/kafka/bin
work=/tmp/kafka
mkdir -p "$work"

login() {
  echo "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"$1\" password=\"$(<"$secrets/kafka/$1")\";"
}

cat "$secrets/kafka-key.pem" "$secrets/kafka.pem" >"$work/keystore.pem"
{
  cat /etc/mangnon/kafka.properties
  echo "ssl.keystore.location=$work/keystore.pem"
  echo "listener.name.clients.scram-sha-512.sasl.jaas.config=$(login admin)"
} >"$work/server.properties"
# For the health check and for whoever works in this container.
{
  echo security.protocol=SASL_SSL
  echo sasl.mechanism=SCRAM-SHA-512
  echo ssl.truststore.type=PEM
  echo "ssl.truststore.location=$secrets/ca.pem"
  echo "sasl.jaas.config=$(login admin)"
} >"$work/admin.properties"

if [ ! -f /var/lib/kafka/data/meta.properties ]; then
  users=()
  for file in "$secrets"/kafka/*; do
    users+=(--add-scram "SCRAM-SHA-512=[name=${file##*/},password=$(<"$file")]")
  done
  "$bin/kafka-storage.sh" format --cluster-id "$("$bin/kafka-storage.sh" random-uuid)" \
    --config "$work/server.properties" "${users[@]}"
fi
exec "$bin/kafka-server-start.sh" "$work/server.properties"
