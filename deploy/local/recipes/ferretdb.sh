#!/usr/bin/env bash
# ferretdb.sh OUT WORK: build FerretDB from its Go module into OUT/ferretdb. The module is held to the sum below and
# brings its own list of sums for everything it needs.
set -euo pipefail
out=$1 work=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
module=github.com/FerretDB/FerretDB/v2
version=v2.7.0
sum='h1:e68kyioANdGrATjgVINPCJgsSN7H+cOPMDGvJoYxz5E='
export GOTOOLCHAIN=local GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0 GOTMPDIR="$work"

new_enough() { command -v go >/dev/null && [ "$(printf 'go1.25\n%s\n' "$(go env GOVERSION)" | sort -V | head -n1)" = go1.25 ]; }

if ! new_enough; then
  echo "this machine has no Go 1.25 or newer: unpacking one from a newer Debian"
  . "$here/newer_suite.sh"
  newer_suite "$work" '^golang-1\.[0-9]+-go$'
  for deb in "$archives"/golang-1.*.deb; do dpkg-deb -x "$deb" "$work/debian"; done
  root=$(echo "$work"/debian/usr/lib/go-1.*)
  # the tree points into /usr/share/go-1.N; make those links point into the unpacked one
  find "$root" -type l | while read -r link; do
    target=$(readlink "$link")
    case $target in
      /*) ln -sfn "$work/debian$target" "$link" ;;
      *share/go-1.*) ln -sfn "$work/debian/usr/share/go-1.${target#*share/go-1.}" "$link" ;;
    esac
  done
  export GOROOT=$root PATH="$root/bin:$PATH"
  new_enough || { echo "the unpacked Go does not run"; exit 1; }
fi

echo "building $version with $(go env GOVERSION)"
cd "$work"
go mod download -json "$module@$version" >module.json
grep -qF "\"Sum\": \"$sum\"" module.json || { echo "the module differs from the one this recipe knows"; exit 1; }
cp -r "$(sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' module.json)" source
chmod -R u+w source
echo "$version" >source/build/version/version.txt
cd source
go build -trimpath -ldflags '-s -w' -o "$out/ferretdb" ./cmd/ferretdb
"$out/ferretdb" --version | grep -F "$version" >/dev/null
echo "$version" >"$out/version"
echo built
