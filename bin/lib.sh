# Sourced by bin/* and .ci/run: finds what the build needs, and gets what may be got without asking.
#
#   must_write        ends with a clear word when this user cannot build here
#   use_jdk           sets JAVA_HOME to a JDK 25 or newer, whatever the default java is
#   use_maven         sees to a Maven of 3.8.7 or newer on the path, from Debian's packages when run as root
#   use_nats_server   sees to a nats-server on the path, from Debian's packages; fails in CI, else explains and returns 1

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# A build writes target/ beside the sources; after one as root in somebody else's folder, Maven's own words are hard to read.
must_write() {
  for folder in "$PWD" "$PWD"/target "$PWD"/*/target "$PWD"/*/target/classes "$PWD"/docs/examples/*/target; do
    [ ! -e "$folder" ] || [ -w "$folder" ] ||
      die "$(id -un) may not write $folder. Run as its owner, remove it, or clone the repository anew as $(id -un)."
  done
}

# Where Debian puts servers; not on the path of ordinary users.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_package() {
  say "Installing $* from the system's packages"
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# The first number of JAVA_VERSION in the release file of a JDK; nothing for a JRE.
jdk_major() {
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
  on_path=$(command -v javac) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for jdk in "${JAVA_HOME:-}" "${on_path:-}" /usr/lib/jvm/* /opt/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* \
    "${HOME:-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    major=$(jdk_major "$jdk")
    [ "${major:-0}" -ge 25 ] || continue
    JAVA_HOME=$jdk
    export JAVA_HOME
    return 0
  done
  return 1
}

use_jdk() {
  find_jdk && return 0
  if may_install && apt-get update -qq >&2; then
    for package in temurin-25-jdk openjdk-25-jdk-headless; do
      apt-cache show "$package" >/dev/null 2>&1 && install_package "$package" && find_jdk && return 0
    done
  fi
  die "A JDK 25 is needed and none was found in JAVA_HOME, on the path, in /usr/lib/jvm, /opt or ~/.sdkman.
Install one, for example the package temurin-25-jdk (adoptium.net) or \`sdk install java 25-tem\`, and run this again."
}

maven_is_new_enough() {
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  [ -n "$version" ] && [ "$(printf '%s\n' 3.8.7 "$version" | sort -V | head -n 1)" = 3.8.7 ]
}

use_maven() {
  maven_is_new_enough && return 0
  if may_install; then
    install_package maven && maven_is_new_enough && return 0
  fi
  die "Maven 3.8.7 or newer is needed (found: ${version:-none}).
Install it: \`apt-get install maven\` as root on Debian 12 or Ubuntu 24.04 and newer, or unpack it from maven.apache.org
and put its bin/ on the path. Then run this again."
}

# Unpacked beside the user's other caches: nothing on the system changes, no service is started, nobody must be root.
fetch_nats_server() {
  command -v dpkg-deb >/dev/null || return 1
  tools=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/machine-room-build
  if [ ! -x "$tools/usr/sbin/nats-server" ] && [ ! -x "$tools/usr/bin/nats-server" ]; then
    say "Getting nats-server from the system's packages into $tools"
    mkdir -p "$tools" || return 1
    (cd "$tools" && { apt-get download nats-server || { may_install && apt-get update -qq && apt-get download nats-server; }; } &&
      dpkg-deb -x nats-server_*.deb .) >&2 2>/dev/null || return 1
    rm -f "$tools"/nats-server_*.deb
  fi
  PATH=$PATH:$tools/usr/sbin:$tools/usr/bin
  command -v nats-server >/dev/null
}

use_nats_server() {
  command -v nats-server >/dev/null && return 0
  fetch_nats_server && return 0
  [ "${CI:-}" != true ] || die "No nats-server: none on the path, and the system's packages have none. In CI that is a failure."
  say "No nats-server: what needs a real one is left out. Install it (\`apt-get install nats-server\` on Debian and Ubuntu,
or a release from github.com/nats-io/nats-server on the path) and run this again."
  return 1
}
