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
