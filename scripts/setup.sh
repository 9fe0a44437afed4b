#!/usr/bin/env bash
# Takes a fresh Ubuntu 22.04 or 24.04, Debian 12 or 13 to a running gateway that starts at boot. Run as root; what is
# there already is left alone, so it can be run again, with the same or other options.
#   scripts/setup.sh [options]
#     --domain NAME     HTTPS for this name by Caddy, with a certificate it gets by itself; the API listens on this
#                       machine only. The name has to point here already
#     --port PORT       where the API listens (3000)
#     --sandbox         against the WhatsApp sandbox, to try it
#     --no-firewall     leave the firewall alone. Otherwise: ufw, with ssh and the gateway's port open
#     --swap SIZE|none  swap file to make (1G where there is less than 2 GB of memory and no swap)
#     --no-ffmpeg       without it voice notes and videos that WhatsApp cannot play are refused (saves 450 MB of disk)
#     --no-start        set up everything and start nothing
#     --dry-run         print what would be done and do nothing
# What it makes: the user whatsapp-gateway, /opt/whatsapp-gateway (programs), /var/lib/whatsapp-gateway (data),
# /etc/whatsapp-gateway/env (settings), whatsapp-gateway.service, the command whatsapp-gateway. See docs/install.md.
set -euo pipefail
umask 022
source "$(dirname "${BASH_SOURCE[0]}")/releases"
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
DATA=/var/lib/whatsapp-gateway
UNIT=/etc/systemd/system/whatsapp-gateway.service
export DEBIAN_FRONTEND=noninteractive

usage() { sed -n '2,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit "$1"; }
PORT="" DOMAIN="" MODE=whatsapp FIREWALL=true SWAP="" FFMPEG=true START=true DRY=false
while [ $# -gt 0 ]; do
  case "$1" in
    --port) PORT="${2:?--port needs a number}"; shift ;;
    --domain) DOMAIN="${2:?--domain needs a name}"; shift ;;
    --sandbox) MODE=sandbox ;;
    --no-firewall) FIREWALL=false ;;
    --swap) SWAP="${2:?--swap needs a size or none}"; shift ;;
    --no-ffmpeg) FFMPEG=false ;;
    --no-start) START=false ;;
    --dry-run) DRY=true ;;
    -h | --help) usage 0 ;;
    *) usage 2 ;;
  esac
  shift
done
[[ "${PORT:-3000}" =~ ^[0-9]{1,5}$ && "${PORT:-3000}" -ge 1024 && "${PORT:-3000}" -le 65535 ]] || die "--port has to be a number from 1024 to 65535."
[[ -z "$DOMAIN" || "$DOMAIN" =~ ^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$ ]] || die "--domain has to be a name such as gateway.example.com."

# --- what is done, and how it is told ---------------------------------------------------------------------------------
done_so_far=()
changed() { [ "$DRY" = true ] || { say "  + $*"; done_so_far+=("$*"); }; }
same() { say "  = $*"; }
left() { say "  ! $*"; }
# Runs a command with its output kept back, or only names it. A command that fails ends the setup with its output.
run() {
  local log
  if [ "$DRY" = true ]; then say "  would run: $*"; return 0; fi
  log="$(mktemp)"
  "$@" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; die "This failed: $*. Set it right and run the setup again."; }
  rm -f "$log"
}
# Writes standard input to a file, with a mode and an owner, when it differs.
write_file() {
  local file="$1" mode="$2" owner="$3" wanted
  wanted="$(cat)"
  if [ -f "$file" ] && [ "$(cat "$file")" = "$wanted" ]; then same "$file"; return 1; fi
  if [ "$DRY" = true ]; then say "  would write: $file"; return 0; fi
  install -m "$mode" -o "${owner%%:*}" -g "${owner##*:}" /dev/null "$file.new"
  printf '%s\n' "$wanted" >"$file.new"
  mv -f "$file.new" "$file"
  changed "$file"
}
installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
packages() {
  local wanted=() name
  for name in "$@"; do installed "$name" || wanted+=("$name"); done
  if [ ${#wanted[@]} -eq 0 ]; then same "packages: $*"; return; fi
  [ "${UPDATED:-false}" = true ] || run apt-get update -q
  UPDATED=true
  run apt-get install -y -q --no-install-recommends "${wanted[@]}"
  changed "packages: ${wanted[*]}"
}
systemd_runs() { [ -d /run/systemd/system ]; }

# --- the parts --------------------------------------------------------------------------------------------------------
check_system() {
  [ "$(id -u)" = 0 ] || die "Run this as root: sudo scripts/setup.sh"
  [ -r /etc/os-release ] || die "This is neither Debian nor Ubuntu."
  SYSTEM="$(. /etc/os-release && printf '%s %s' "${ID:-}" "${VERSION_ID:-}")"
  case "$SYSTEM" in
    "ubuntu 22.04" | "ubuntu 24.04" | "debian 12" | "debian 13") ;;
    *) die "This is $SYSTEM. The setup knows Ubuntu 22.04 and 24.04, Debian 12 and 13. Elsewhere: scripts/run, or Docker." ;;
  esac
  case "$(dpkg --print-architecture)" in amd64 | arm64) ;; *) die "The embedded Redis and Node.js are there for amd64 and arm64 only." ;; esac
  say "$SYSTEM, $(dpkg --print-architecture)$(systemd_runs || printf ', without a running systemd')"
}

python_is_new() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11) or sys.version_info.releaselevel != "final")' 2>/dev/null; }
bring_python() {
  local candidate
  packages python3 python3-venv
  for candidate in python3 python3.12 python3.11; do
    if python_is_new "$candidate"; then PYTHON="$(command -v "$candidate")"; same "Python: $PYTHON"; return; fi
  done
  if [ "$DRY" = true ] && [ "$SYSTEM" != "ubuntu 22.04" ]; then PYTHON=python3; return; fi
  if [ "$DRY" = true ]; then say "  would install Python 3.12 from the PPA deadsnakes, because the system's is older than 3.11"; PYTHON=python3.12; return; fi
  # Ubuntu 22.04 has 3.10, and of 3.11 only a release candidate. The PPA deadsnakes builds newer ones for it.
  packages software-properties-common gpg gpg-agent
  if add-apt-repository -y ppa:deadsnakes/ppa >/dev/null 2>&1 && apt-get update -q >/dev/null 2>&1 && apt-cache show python3.12-venv >/dev/null 2>&1; then
    changed "package source: ppa:deadsnakes/ppa (Launchpad), for Python 3.12"
    packages python3.12 python3.12-venv
    PYTHON="$(command -v python3.12)"
  else
    left "The PPA deadsnakes cannot be reached; Ubuntu's own python3.11, a release candidate, is taken. Once python3.12-venv is installed, the next update uses that"
    packages python3.11 python3.11-venv
    PYTHON="$(command -v python3.11)"
  fi
}

user_and_folders() {
  if id "$RUN_AS" >/dev/null 2>&1; then same "user $RUN_AS"
  else
    run useradd --system --user-group --home-dir "$DATA" --no-create-home --shell /usr/sbin/nologin "$RUN_AS"
    changed "user $RUN_AS"
  fi
  folder "$HOME_DIR" 755 root
  folder "$HOME_DIR/releases" 755 root
  folder /etc/whatsapp-gateway 750 "root:$RUN_AS"
  folder "$DATA" 700 "$RUN_AS:$RUN_AS"
  folder "$CACHE_DIR" 700 "$RUN_AS:$RUN_AS"
}
folder() {
  local path="$1" mode="$2" owner="$3"
  [ "${owner#*:}" != "$owner" ] || owner="$owner:$owner"
  if [ -d "$path" ] && [ "$(stat -c '%a %U:%G' "$path")" = "$mode $owner" ]; then same "$path"; return; fi
  run install -d -m "$mode" -o "${owner%%:*}" -g "${owner##*:}" "$path"
  changed "$path ($owner, $mode)"
}

memory() {
  local total_mb
  total_mb=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
  if [ -z "$SWAP" ]; then
    if [ "$total_mb" -lt 2000 ] && [ -z "$(tail -n +2 /proc/swaps)" ]; then SWAP=1G; else SWAP=none; fi
  fi
  if [ "$SWAP" = none ]; then same "swap: none made ($total_mb MB of memory)"
  elif [ -e /swapfile ]; then same "swap: /swapfile"
  else
    run fallocate -l "$SWAP" /swapfile
    run chmod 600 /swapfile
    run mkswap /swapfile
    # Neither every file system nor every virtual server can; the gateway runs without.
    if [ "$DRY" = false ] && systemd_runs && ! swapon /swapfile >/dev/null 2>&1; then
      rm -f /swapfile
      left "swap: this machine cannot switch on a swap file. With less than 1 GB of memory building an update may fail"
    else
      [ "$DRY" = true ] || grep -q '^/swapfile ' /etc/fstab 2>/dev/null || printf '/swapfile none swap sw 0 0\n' >>/etc/fstab
      systemd_runs || left "swap is made and not switched on: without systemd this is no machine of its own"
      changed "swap: /swapfile, $SWAP"
    fi
  fi
  if write_file /etc/sysctl.d/60-whatsapp-gateway.conf 644 root:root <<<"# Redis forks to write its file anew, which must not be refused; swap is for emergencies.
vm.overcommit_memory = 1
vm.swappiness = 10" && systemd_runs && [ "$DRY" = false ]; then
    sysctl -q -p /etc/sysctl.d/60-whatsapp-gateway.conf >/dev/null 2>&1 || left "this virtual server's kernel is not its own and does not take vm.overcommit_memory; Redis runs without"
  fi
}

setting() {
  local name="$1" value="$2"
  if grep -qx -- "$name=$value" "$SETTINGS" 2>/dev/null; then return; fi
  if [ "$DRY" = true ]; then say "  would set: $name=$value in $SETTINGS"; return; fi
  if grep -q -- "^$name=" "$SETTINGS"; then sed -i "s|^$name=.*|$name=$value|" "$SETTINGS"; else printf '%s=%s\n' "$name" "$value" >>"$SETTINGS"; fi
  changed "setting $name=$value"
}
settings() {
  if [ ! -f "$SETTINGS" ] && [ "$DRY" = false ]; then
    install -m 640 -o root -g "$RUN_AS" /dev/null "$SETTINGS"
    printf '# Settings of the gateway; docs/configuration.md has them all. Apply: whatsapp-gateway restart control\n' >"$SETTINGS"
    changed "$SETTINGS"
  fi
  # sed -i makes a new file: mode and owner are set each time.
  # What was linked with the sandbox means nothing to WhatsApp: a folder each, so that one can go over to the other.
  if [ "$MODE" = sandbox ]; then setting DATA_DIR "$DATA/sandbox"; else setting DATA_DIR "$DATA"; fi
  setting PORT "${PORT:-$(sed -n 's/^PORT=//p' "$SETTINGS" 2>/dev/null | grep . || printf 3000)}"
  if [ -n "$DOMAIN" ]; then
    setting HOST 127.0.0.1
    setting BASE_URL "https://$DOMAIN"
    # Caddy on this machine says for whom it asks; without this all callers would be one.
    setting TRUSTED_PROXIES 127.0.0.1/32
  elif [ "$DRY" = true ] || ! grep -q '^HOST=' "$SETTINGS"; then setting HOST 0.0.0.0; fi
  if [ "$DRY" = false ]; then chmod 640 "$SETTINGS"; chown "root:$RUN_AS" "$SETTINGS"; fi
  PORT="$(sed -n 's/^PORT=//p' "$SETTINGS" 2>/dev/null || printf '%s' "${PORT:-3000}")"
  LISTENS_ON="$(sed -n 's/^HOST=//p' "$SETTINGS" 2>/dev/null || true)"
}

release() {
  local commit="" branch origin
  if [ "$DRY" = true ]; then say "  would build a release in $HOME_DIR/releases and point $HOME_DIR/current to it"; return; fi
  export PYTHON
  if git_safely -C "$SOURCE" rev-parse --git-dir >/dev/null 2>&1; then
    commit="$(git_safely -C "$SOURCE" rev-parse HEAD)"
    branch="$(git_safely -C "$SOURCE" rev-parse --abbrev-ref HEAD)"
    origin="$(git_safely -C "$SOURCE" remote get-url origin 2>/dev/null || printf '%s' "$SOURCE")"
    [ -z "$(git_safely -C "$SOURCE" status --porcelain)" ] || left "$SOURCE has changes that are not committed; they are not part of the release"
    if [ ! -d "$REPOSITORY" ]; then
      run git_safely clone --quiet --bare "$SOURCE" "$REPOSITORY"
      run git_safely -C "$REPOSITORY" config gateway.branch "$branch"
      changed "$REPOSITORY, for updates from $origin ($branch)"
    else
      run git_safely -C "$REPOSITORY" fetch --quiet --tags --force "$SOURCE" '+refs/heads/*:refs/heads/*'
    fi
    run git_safely -C "$REPOSITORY" remote set-url origin "$origin"
  fi
  make_release "$SOURCE" "$commit"
  if [ ! -e "$HOME_DIR/current" ]; then
    point current "$RELEASE"
    changed "release $RELEASE"
  elif [ "$(release_named current)" = "$RELEASE" ]; then same "release $RELEASE"
  else activate "$RELEASE"; changed "release $RELEASE"; fi
  ln -sfn "$HOME_DIR/current/deploy/whatsapp-gateway" /usr/local/sbin/whatsapp-gateway
  prune_releases
}

service() {
  local option=""
  [ "$MODE" = whatsapp ] || option=" --sandbox"
  UNIT_CHANGED=false
  if sed "s|@MODE@|$option|" "$SOURCE/deploy/whatsapp-gateway.service" | write_file "$UNIT" 644 root:root; then UNIT_CHANGED=true; fi
  [ "$DRY" = false ] || return 0
  if ! systemctl is-enabled --quiet "$SERVICE" 2>/dev/null; then
    run systemctl enable --quiet "$SERVICE"
    changed "starts at boot"
  fi
  if ! systemd_runs; then left "systemd does not run here, so nothing is started"; START=false; return; fi
  run systemctl daemon-reload
  [ "$START" = true ] || return 0
  if ! systemctl is-active --quiet "$SERVICE"; then run systemctl start "$SERVICE"; changed "started"
  elif [ "$UNIT_CHANGED" = true ]; then run systemctl restart "$SERVICE"; changed "restarted, because its unit changed"
  elif printf '%s\n' ${done_so_far[@]+"${done_so_far[@]}"} | grep -q '^setting'; then
    gateway_script ctl restart control >/dev/null || true
    changed "restarted control, because settings changed"
  else same "service $SERVICE"; fi
}

# Asked before anything is built: Ubuntu 22.04 has none.
caddy_can_be_had() {
  [ -n "$DOMAIN" ] && [ "$DRY" = false ] && ! installed caddy || return 0
  [ "${UPDATED:-false}" = true ] || run apt-get update -q
  UPDATED=true
  apt-cache show caddy >/dev/null 2>&1 || die "$SYSTEM has no package caddy. Add Caddy's own package source (caddyserver.com/docs/install), then run this again. Nothing was set up yet but packages."
}
https() {
  [ -n "$DOMAIN" ] || return 0
  packages caddy
  [ "$DRY" = true ] || mkdir -p /etc/caddy/sites
  local file=/etc/caddy/sites/whatsapp-gateway.caddy fresh=false
  if sed "s|@DOMAIN@|$DOMAIN|; s|@PORT@|$PORT|" "$SOURCE/deploy/droplet.caddy" | write_file "$file" 644 root:root; then fresh=true; fi
  [ "$DRY" = false ] || return 0
  if ! grep -q '^import sites/\*.caddy' /etc/caddy/Caddyfile 2>/dev/null; then
    # The package's own example answers on port 80, where the certificate's check comes in.
    if grep -q '^:80 {' /etc/caddy/Caddyfile 2>/dev/null; then mv /etc/caddy/Caddyfile /etc/caddy/Caddyfile.before-whatsapp-gateway; fi
    printf 'import sites/*.caddy\n' >>/etc/caddy/Caddyfile
    changed "/etc/caddy/Caddyfile imports sites/*.caddy"
    fresh=true
  fi
  run caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile
  if systemd_runs && [ "$fresh" = true ]; then run systemctl reload-or-restart caddy; fi
}

# Every port sshd listens on, by its settings, its socket unit and the connection this runs in.
ssh_ports() {
  {
    if command -v sshd >/dev/null 2>&1; then sshd -T 2>/dev/null | sed -n 's/^port //p' || true; fi
    if systemd_runs; then systemctl show ssh.socket sshd.socket -p Listen 2>/dev/null | sed -n 's/.*:\([0-9]\{1,5\}\) (Stream).*/\1/p' || true; fi
    if command -v ss >/dev/null 2>&1; then ss -Hltnp 2>/dev/null | sed -n 's/^[^ ]* *[0-9]* *[0-9]* *[^ ]*:\([0-9]*\) .*"sshd".*/\1/p' || true; fi
    set -- ${SSH_CONNECTION:-}
    [ $# -lt 4 ] || printf '%s\n' "$4"
  } | sed -n '/^[0-9][0-9]*$/p' | sort -un
}
firewall() {
  local port ports
  if [ "$FIREWALL" = false ]; then same "firewall: left alone"; return; fi
  if ! installed ufw; then
    if installed firewalld || { command -v nft >/dev/null 2>&1 && nft list ruleset 2>/dev/null | grep -q 'chain'; }; then
      left "firewall: this machine has rules of its own already; open the gateway's port there. Nothing was changed"
      return
    fi
  fi
  ports="$(ssh_ports)"
  [ -n "$ports" ] || { ports=22; left "sshd's port was not found; 22 stays open"; }
  packages ufw
  if [ "$DRY" = false ] && ufw status 2>/dev/null | grep -q '^Status: active'; then was_active=true; else was_active=false; fi
  # Before anything is closed.
  for port in $ports; do run ufw allow "$port/tcp" comment ssh; done
  if [ -n "$DOMAIN" ]; then
    run ufw allow 80,443/tcp comment whatsapp-gateway
    # Of a setup without a name before this one.
    if [ "$DRY" = false ] && ufw show added 2>/dev/null | grep -q "allow $PORT/tcp"; then run ufw --force delete allow "$PORT/tcp"; fi
  elif [ "$LISTENS_ON" != 127.0.0.1 ]; then run ufw allow "$PORT/tcp" comment whatsapp-gateway; fi
  if [ "$was_active" = true ]; then same "firewall: ufw"
  elif [ "$DRY" = true ]; then say "  would run: ufw --force enable"
  elif ! systemd_runs; then left "firewall: the rules are written, ufw is not switched on (without systemd this is no machine of its own): ufw enable"
  else
    run ufw --force enable
    changed "firewall: ufw; open are ssh ($(printf '%s' "$ports" | tr '\n' ' ')) and ${DOMAIN:+80 and 443}${DOMAIN:-$PORT}"
  fi
}

summary() {
  local address
  say ""
  if [ "$DRY" = true ]; then say "Nothing was done."; return; fi
  if [ ${#done_so_far[@]} -eq 0 ]; then say "Everything was so already."; else say "Done: ${#done_so_far[@]} changes."; fi
  if [ "$START" = true ]; then
    if is_healthy; then say "The gateway runs and is healthy."
    else die "The gateway runs, but is not healthy after $HEALTH_SECONDS seconds. Look at: whatsapp-gateway status; whatsapp-gateway logs; journalctl -u $SERVICE"; fi
  fi
  address="http://$(hostname -I 2>/dev/null | awk '{print $1}'):$PORT"
  [ "$LISTENS_ON" != 127.0.0.1 ] || address="http://127.0.0.1:$PORT"
  [ -z "$DOMAIN" ] || address="https://$DOMAIN"
  say ""
  say "API        $address"
  say "API key    whatsapp-gateway key"
  say "QR code    whatsapp-gateway pair my-shop"
  say "Status     whatsapp-gateway status      Logs  whatsapp-gateway logs bridge"
  say "Settings   $SETTINGS, then: whatsapp-gateway restart control"
  say "Update     whatsapp-gateway update      Back  whatsapp-gateway rollback"
  [ -n "$DOMAIN" ] || say "Without --domain the API speaks plain HTTP: let nobody but this machine or a private network use it like that."
}

say "System";      check_system
say "Packages";    packages ca-certificates git tar util-linux procps iproute2 openssl systemd
[ "$FFMPEG" = false ] || packages ffmpeg
caddy_can_be_had
say "Python";      bring_python
say "Memory";      memory
say "User, folders"; user_and_folders
[ "$DRY" = true ] || only_one
say "Settings";    settings
say "Firewall";    firewall
say "Release";     release
say "Service";     service
[ -z "$DOMAIN" ] || { say "HTTPS"; https; }
summary
