# Sourced. A private view of Debian's next releases: packages are fetched through the machine's own apt source
# and only unpacked, so nothing is installed and no rights are needed.
#   newer_suite WORK PATTERN   finds the newest package whose name matches PATTERN, downloads it with all it
#                              depends on and sets $package, $suite and $archives (the folder of .deb files)

newer_suite_source() {
  local codename=$1
  local found
  found=$(apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 2>/dev/null |
    awk -v c="$codename" '$1 == c && $2 == "main" && !n++ { print $3 }' || true)
  if [ -z "$found" ]; then
    found=$(awk -v c="$codename" '$1 == "deb" { for (i = 2; i < NF; i++) if ($(i + 1) == c && !n++) print $i }' \
      /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true)
  fi
  if [ -z "$found" ]; then
    found=$(awk '$1 == "URIs:" { uri = $2 } $1 == "Suites:" && !n++ { print uri }' \
      /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
  fi
  echo "$found"
}

newer_suite() {
  local work=$1 pattern=$2 state=$1/apt codename uri key= ring
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/etc/parts"
  : >"$state/status"
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:?}")
  uri=$(newer_suite_source "$codename")
  if [ -z "$uri" ]; then echo "this machine has no apt source for Debian $codename main"; return 1; fi
  for ring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [ -e "$ring" ]; then key="[signed-by=$ring] "; fi
  done
  local options=(
    -o Dir::State="$state" -o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status"
    -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist="$state/etc/sources.list"
    -o Dir::Etc::sourceparts="$state/etc/parts" -o Dir::Etc::preferences="$state/etc/none"
    -o Dir::Etc::preferencesparts="$state/etc/parts" -o APT::Install-Recommends=false
    -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true
  )
  archives=$state/cache/archives package=
  for suite in forky testing sid; do
    echo "deb $key$uri $suite main" >"$state/etc/sources.list"
    apt-get "${options[@]}" -qq update >>"$work/apt.log" 2>&1 || continue
    package=$(apt-cache "${options[@]}" pkgnames | grep -E "$pattern" | sort -V | tail -n1 || true)
    if [ -n "$package" ] && apt-get "${options[@]}" -y -qq -d install "$package" >>"$work/apt.log" 2>&1; then return 0; fi
    package=
  done
  echo "no package $pattern in Debian's newer suites; apt said: $(grep '^E:' "$work/apt.log" | tail -n 1 || true)"
  return 1
}
