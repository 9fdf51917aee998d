#!/usr/bin/env bash
# Packs the tool, both test programs and the benchmarks, with the .NET runtime that they share, for a machine that has a GPU and
# no .NET: OUT/edsr-gpu-bundle-linux-x64.tar.xz. docs/gpu-checks.md says what to do with it.
#
#   scripts/bundle.sh [OUT]        OUT is ./out if not given
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mkdir -p "${1:-$root/out}" && cd "${1:-$root/out}" && pwd)
name=edsr-gpu-bundle-linux-x64
limit=48000000 # bytes; what a bundle may weigh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/$name
bin=$bundle/bin

# With build folders of its own, so that the checkout's are not disturbed; each project adds to the same folder.
for project in src/EdsrIlgpu.Cli tests/EdsrIlgpu.Kernels.Tests tests/EdsrIlgpu.Tests benchmarks/EdsrIlgpu.Benchmarks; do
    dotnet publish "$root/$project" -c Release -r linux-x64 --self-contained -o "$bin" -v quiet \
        -p:ArtifactsPath="$work/build" -p:ContinuousIntegrationBuild=true -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false
done

# What debuggers load, and what benchmarks disassemble and trace with on other systems; here they run in process.
(cd "$bin" && rm -rf amd64 x86 arm64 libcapstone.so libmscordaccore.so libmscordbi.so libcoreclrtraceptprovider.so libclrgc*.so createdump)

# Tests find their files below the programs' folder, as they would in a checkout.
goldens=tests/EdsrIlgpu.Tests/Goldens pictures=samples/pictures
mkdir -p "$bin/$goldens" "$bin/$pictures"
cp "$root/$goldens"/*.safetensors "$bin/$goldens/"
cp "$root/$pictures"/*.png "$bin/$pictures/"
cp "$root/scripts/gpu-checks/run-gpu-checks.sh" "$root/scripts/gpu-checks/peer_pytorch.py" "$bundle/"
cp "$root/docs/gpu-checks.md" "$bundle/README.md"
git -C "$root" describe --always --dirty > "$bundle/VERSION" 2> /dev/null || echo "no checkout" > "$bundle/VERSION"

# Licences: ours, the list of the others', their texts, and what each package brings.
cp -r "$root/LICENSE" "$root/THIRD-PARTY-NOTICES.md" "$root/licenses" "$bundle/"
packages=$(dotnet nuget locals global-packages --list)
packages=${packages#*: }
for library in $(sed -n 's/^    "\(.*\)": {$/\1/p' "$bin"/*.deps.json | sort -u); do
    package=${library%/*}
    package=${package#runtimepack.}
    package=${package,,}
    for text in "$packages/$package/${library##*/}"/{LICENSE,License,THIRD-PARTY,ThirdParty}*; do
        [ -f "$text" ] && mkdir -p "$bundle/licenses/$package" && cp "$text" "$bundle/licenses/$package/"
    done
done
[ -f "$bundle/licenses/microsoft.netcore.app.runtime.linux-x64/LICENSE.TXT" ] && [ -f "$bundle/licenses/netvips.native.linux-x64/THIRD-PARTY-NOTICES.md" ] \
    || { echo "The licences of the runtime and of libvips are not where they were looked for." >&2; exit 1; }

chmod -R u=rwX,go=rX "$bundle"
time=$(git -C "$root" log -1 --format=%ct 2> /dev/null || echo 0)
tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | xz -9 > "$work/$name.tar.xz"
size=$(stat -c %s "$work/$name.tar.xz")
if [ "$size" -gt "$limit" ]; then
    echo "The bundle has $size bytes; at most $limit may go out." >&2
    exit 1
fi
mv "$work/$name.tar.xz" "$out/"
echo "$out/$name.tar.xz: $size bytes, $(du -sm "$bundle" | cut -f 1) MiB unpacked"
