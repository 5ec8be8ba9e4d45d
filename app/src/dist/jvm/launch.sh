# Sourced by the launchers in bin/.
#
#   launch NAME JAR ARGUMENTS...   starts JAR with jvm/access.options and jvm/NAME.options; rehearsal: the command that
#                                  loads what the start-up cache should hold, harms nothing and ends by itself
#
# JAVA_HOME                 a JDK or JRE 25 or newer; looked for on the path and in the usual places when unset or older
# MACHINE_ROOM_CACHE        where the start-up cache is kept; "none" for no cache
# MACHINE_ROOM_JVM_OPTIONS  more options for the JVM, separated by blanks; they win over the files

# The number before the first dot of JAVA_VERSION, read from the release file: no process is started to ask.
java_major() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_java() {
  on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java}
  for candidate in "${JAVA_HOME:-}" "$home/runtime" "${on_path:-}" /usr/lib/jvm/* /opt/* "${HOME:-}"/.sdkman/candidates/java/*; do
    [ -x "$candidate/bin/java" ] || continue
    major=$(java_major "$candidate")
    [ "${major:-0}" -ge 25 ] || continue
    java_home=$candidate
    return 0
  done
  echo "$name: needs Java 25 or newer; install one (for example the package temurin-25-jre) or set JAVA_HOME" >&2
  exit 127
}

# The start-up cache (JEP 514) is written by a training run beside the first start and used from the second start on.
# Its name says what it was made from, so a new jar or JDK makes a new one; where nothing can be written there is none.
# The JVM itself compares size and date of jars: jars of reproducible builds all have one date, hence the content of ours.
choose_cache() {
  cache_option=
  [ "${MACHINE_ROOM_CACHE:-}" != none ] || return 0
  cache=${MACHINE_ROOM_CACHE:-${CACHE_DIRECTORY:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/machine-room}}
  product=$(basename "$jar" .jar)
  lib=$(dirname "$jar")/lib
  made_from=$({ cat "$java_home/release" "$jar" "$lib"/machine-room*.jar; ls -ln "$lib" "$home/jvm"; } 2>/dev/null | cksum | tr -d ' ')
  archive=$cache/$product-$made_from.aot
  training=$archive.training
  if [ -r "$archive" ]; then
    cache_option=-XX:AOTCache=$archive
  elif mkdir -p "$cache" 2>/dev/null; then
    find "$training" -maxdepth 0 -mmin +10 -exec rm -rf {} + 2>/dev/null # left by a run that was cut off
    # twice in the background, so that the agent is not its parent
    ! mkdir "$training" 2>/dev/null || (train </dev/null >/dev/null 2>&1 &)
  fi
}

# Without the profiles of methods: they would have the JVM compile at its start what it hardly runs again.
train() {
  trap 'rm -rf "$training"' EXIT
  trap 'exit 1' HUP INT TERM
  set -- "$rehearsal"
  if [ "$rehearsal" = rehearse ]; then # its server is a process of its own: what only that needs is not recorded
    nice -n 19 "$java_home/bin/java" @"$home/jvm/access.options" @"$home/jvm/$name.options" \
      -jar "$jar" rehearse --serve "$training/server" &
    server=$! tries=0
    trap 'kill "$server" 2>/dev/null; rm -rf "$training"' EXIT
    until [ -s "$training/server/address" ] || [ "$tries" -ge 30 ]; do
      tries=$((tries + 1))
      sleep 1
    done
    set -- rehearse --with "$training/server"
  fi
  nice -n 19 "$java_home/bin/java" @"$home/jvm/access.options" @"$home/jvm/$name.options" \
    -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \
    -XX:AOTCacheOutput="$training/cache" -jar "$jar" "$@"
  [ -s "$training/cache" ] || return
  rm -f "$cache/$product"-*.aot
  mv "$training/cache" "$archive"
}

launch() {
  name=$1 jar=$2
  shift 2
  find_java
  # glibc keeps one heap per thread otherwise: tens of megabytes
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
  choose_cache
  # shellcheck disable=SC2086 # options are words
  exec "$java_home/bin/java" @"$home/jvm/access.options" @"$home/jvm/$name.options" \
    ${cache_option:+"$cache_option"} -Xlog:aot=off -Xlog:cds=off ${MACHINE_ROOM_JVM_OPTIONS:-} -jar "$jar" "$@"
}
