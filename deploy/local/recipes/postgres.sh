#!/usr/bin/env bash
# postgres.sh OUT WORK: PostgreSQL with the DocumentDB extension, unpacked from Debian's packages into OUT/tree together
# with the C library and loader they were built for; OUT/bin/{postgres,initdb,psql} start them from any place.
set -euo pipefail
out=$1 work=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/newer_suite.sh"

newer_suite "$work" '^postgresql-[0-9]+-documentdb$'
major=${package#postgresql-}
major=${major%-documentdb}
echo "$package of $suite: $(find "$archives" -name '*.deb' | wc -l) packages, $(du -sm "$archives" | cut -f1) MB"

all=$work/all
mkdir "$all"
unpack() {
  dpkg-deb --fsys-tarfile "$2" | tar -x -C "$1" --no-same-owner -f - --exclude='./usr/share/doc*' \
    --exclude='./usr/share/man*' --exclude='./usr/share/locale*' --exclude='./usr/share/perl*' --exclude='*/bitcode*' 2>/dev/null || true
}
export -f unpack
printf '%s\0' "$archives"/*.deb | xargs -0 -P 2 -n 1 bash -c 'unpack "$0" "$1"' "$all"

# Keep what the server and the extension need, and the shared libraries these link.
programs=usr/lib/postgresql/$major
tree=$out/tree
system=$(dirname "$(find "$all/usr/lib" -maxdepth 2 -name libc.so.6 | head -n1)")
loader=$(find "$system" -maxdepth 1 -name 'ld-linux-*.so.*' | head -n1)
mkdir -p "$out/bin" "$tree/$programs/bin" "$tree/lib" "$tree/usr/share/postgresql" "$tree/usr/share/proj"
cp -a "$all/$programs/lib" "$tree/$programs/"
rm -f "$tree/$programs/lib"/{postgis_raster,postgis_sfcgal,postgis_topology,address_standardizer,sepgsql}*.so
cp -a "$all/usr/share/postgresql/$major" "$tree/usr/share/postgresql/"
cp -a "$all/usr/share/proj/proj.db" "$tree/usr/share/proj/" 2>/dev/null || true

extensions=$tree/usr/share/postgresql/$major/extension
if [ ! -e "$extensions/postgis.control" ]; then   # a link that the package's own installation would have made
  ln -s "$(basename "$(find "$extensions" -name 'postgis-[0-9].control' | head -n1)")" "$extensions/postgis.control"
fi
find "$extensions" -name '*--ANY.sql' -delete
rm -f "$extensions"/{postgis_raster,postgis_sfcgal,postgis_topology,postgis_tiger,address_standardizer}*

for file in "$tree/$programs/lib"/*.so "$all/$programs/bin"/{postgres,initdb,psql}; do
  "$loader" --library-path "$system:$all/$programs/lib" --list "$file" || true
done >"$work/libraries" 2>/dev/null
if grep 'not found' "$work/libraries"; then echo "a shared library is missing"; exit 1; fi
awk -v from="$all/usr/lib/" '$2 == "=>" && index($3, from) == 1 { print $3 }' "$work/libraries" | sort -u |
  while read -r file; do
    case $file in */postgresql/*) ;; *) cp -L "$file" "$tree/lib/" ;; esac
  done
cp -L "$loader" "$tree/lib/ld.so"
for file in libnss_files.so.2 libresolv.so.2; do
  if [ -e "$system/$file" ]; then cp -L "$system/$file" "$tree/lib/"; fi
done

# initdb and postgres look for their neighbours beside argv[0], so each start script stands where its program stood.
for program in postgres initdb psql; do
  cp "$all/$programs/bin/$program" "$tree/$programs/bin/$program.bin"
  cat >"$tree/$programs/bin/$program" <<SCRIPT
#!/bin/sh
here=\${0%/*} lib=\${0%/*}/../../../../../lib
PROJ_DATA=\$here/../../../../share/proj
export PROJ_DATA
exec "\$lib/ld.so" --argv0 "\$0" --library-path "\$lib:\$here/../lib" "\$here/$program.bin" "\$@"
SCRIPT
  chmod +x "$tree/$programs/bin/$program"
  printf '#!/bin/sh\nexec "${0%%/*}/../tree/%s/bin/%s" "$@"\n' "$programs" "$program" >"$out/bin/$program"
  chmod +x "$out/bin/$program"
done
echo "$major" >"$out/version"
"$out/bin/postgres" --version
echo "kept $(du -sm "$tree" | cut -f1) of $(du -sm "$all" | cut -f1) MB"
