#!/usr/bin/env bash
# kafka.sh OUT WORK: put the jars of Apache Kafka into OUT/lib. Maven checks each against its published checksum.
set -euo pipefail
out=$1 work=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

cp "$here/pom.xml" "$work/pom.xml"
echo "fetching the broker and its libraries (54 MB)"
cd "$work"
mvn -q -B --strict-checksums org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory="$out/lib" -DincludeScope=runtime
sed -n 's#.*<artifactId>kafka_2.13</artifactId><version>\(.*\)</version>.*#\1#p' pom.xml >"$out/version"
test -s "$out/lib/kafka_2.13-$(cat "$out/version").jar"
echo "$(find "$out/lib" -name '*.jar' | wc -l) libraries"
