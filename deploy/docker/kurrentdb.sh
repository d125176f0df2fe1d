#!/bin/sh
# Starts KurrentDB; its first passwords can be given by the environment alone, and stand in files here.
set -eu
KURRENTDB_DEFAULT_ADMIN_PASSWORD=$(cat /run/secrets/kurrentdb/admin)
KURRENTDB_DEFAULT_OPS_PASSWORD=$(cat /run/secrets/kurrentdb/ops)
export KURRENTDB_DEFAULT_ADMIN_PASSWORD KURRENTDB_DEFAULT_OPS_PASSWORD
# Releases differ in what the program is called.
for program in /opt/kurrentdb/KurrentDB /opt/kurrentdb/kurrentd; do
  if [ -x "$program" ]; then exec "$program"; fi
done
echo 'This image has no KurrentDB in /opt/kurrentdb.' >&2
exit 1
