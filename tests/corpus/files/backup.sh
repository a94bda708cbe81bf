#!/usr/bin/env bash
set -euo pipefail

source_dir=${1:?usage: backup.sh SOURCE TARGET}
target_dir=${2:?usage: backup.sh SOURCE TARGET}
stamp=$(date -u +%Y%m%dT%H%M%SZ)

if [[ ! -d "$source_dir" ]]; then
    echo "no such folder: $source_dir" >&2
    exit 1
fi

mkdir -p "$target_dir"
for entry in "$source_dir"/*; do
    [ -e "$entry" ] || continue
    name=$(basename "$entry")
    tar -czf "$target_dir/$name-$stamp.tar.gz" -C "$source_dir" "$name"
done

find "$target_dir" -name '*.tar.gz' -mtime +30 -print -delete
