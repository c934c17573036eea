#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the bill of materials of a release as SPDX 2.3 JSON: the package, each of its sources with
# its checksum, and its only dependency, the C standard library.
#
#     sh src/package/sbom.sh [SECONDS SINCE 1970]     the time of the last commit if none is given
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$tree"
export LC_ALL=C
version=$(sed -n 's/^#define SPANLINK_VERSION  *"\(.*\)"/\1/p' include/spanlink/base.h)
created=$(date -u -d "@${1:-$(git log -1 --format=%ct)}" +%Y-%m-%dT%H:%M:%SZ)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find include src -name '*.[ch]' | sort >"$work/names"
xargs sha1sum <"$work/names" >"$work/sha1"
xargs sha256sum <"$work/names" >"$work/sha256"
verification=$(cut -d ' ' -f 1 "$work/sha1" | sort | tr -d '\n' | sha1sum | cut -d ' ' -f 1)

cat <<END
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "spanlink-$version",
  "documentNamespace": "https://spdx.invalid/spanlink-$version-$verification",
  "creationInfo": { "created": "$created", "creators": ["Tool: src/package/sbom.sh"] },
  "packages": [
    {
      "SPDXID": "SPDXRef-spanlink",
      "name": "spanlink",
      "versionInfo": "$version",
      "downloadLocation": "NOASSERTION",
      "filesAnalyzed": true,
      "packageVerificationCode": { "packageVerificationCodeValue": "$verification" },
      "licenseConcluded": "MIT",
      "licenseDeclared": "MIT",
      "licenseInfoFromFiles": ["MIT"],
      "copyrightText": "$(sed -n 's/^Copyright (c) /Copyright (c) /p' LICENSE)",
      "primaryPackagePurpose": "LIBRARY"
    }
  ],
  "files": [
END
paste -d ' ' "$work/sha1" "$work/sha256" | awk '{
    if (NR > 1) print ","
    printf "    {\n      \"SPDXID\": \"SPDXRef-file-%d\",\n      \"fileName\": \"./%s\",\n", NR, $2
    printf "      \"checksums\": [\n"
    printf "        { \"algorithm\": \"SHA1\", \"checksumValue\": \"%s\" },\n", $1
    printf "        { \"algorithm\": \"SHA256\", \"checksumValue\": \"%s\" }\n      ],\n", $3
    printf "      \"licenseConcluded\": \"MIT\",\n      \"licenseInfoInFiles\": [\"MIT\"],\n"
    printf "      \"copyrightText\": \"NOASSERTION\"\n    }"
} END { print "" }'
printf '  ],\n  "relationships": [\n'
printf '    { "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-spanlink" }'
awk '{ printf ",\n    { \"spdxElementId\": \"SPDXRef-spanlink\", \"relationshipType\": \"CONTAINS\", \"relatedSpdxElement\": \"SPDXRef-file-%d\" }", NR }' "$work/names"
printf '\n  ]\n}\n'
