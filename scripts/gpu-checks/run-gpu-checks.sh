#!/usr/bin/env bash
# Checks EdsrIlgpu on this machine's GPU and measures it. Needs no .NET and no network; installs nothing, changes no setting.
#
#   run-gpu-checks.sh [RESULTS.tar.gz] [--device cuda[:N]|opencl|host] [--data DIR] [--quick]
#
#   RESULTS.tar.gz   what it leaves, ./gpu-checks-results.tar.gz if not given; please send it back
#   --device         cuda if not given. With cuda or opencl, tests that find no such device fail and are not skipped.
#   --data DIR       high-resolution pictures to measure the ×2 network with, as edsr eval --hr takes them; else the samples
#   --quick          fewer repetitions, and no more than ten minutes in all
set -uo pipefail
export LC_ALL=C.UTF-8
bundle=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$bundle/bin
samples=$bin/samples/pictures
archive=gpu-checks-results.tar.gz device=cuda data= quick= total=5400

refuse() { echo "run-gpu-checks.sh: $1" >&2; exit 2; }
while [ $# -gt 0 ]; do
    case $1 in
        --device) [ $# -gt 1 ] || refuse "--device needs a name"; device=$2; shift ;;
        --data) [ $# -gt 1 ] || refuse "--data needs a folder"; data=$2; shift ;;
        --quick) quick=--quick total=570 ;;
        -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        -*) refuse "there is no option $1; see --help" ;;
        *) archive=$1 ;;
    esac
    shift
done
kind=${device%%:*}
case $device in
    host | opencl) ;;
    # Tests and benchmarks take the first device: the one that is meant becomes the first, and the only one.
    cuda) export CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES:-0} ;;
    cuda:*[!0-9]* | cuda:) refuse "--device takes cuda, cuda:N, opencl or host, not $device" ;;
    cuda:*) export CUDA_VISIBLE_DEVICES=${device#cuda:}; device=cuda ;;
    *) refuse "--device takes cuda, cuda:N, opencl or host, not $device" ;;
esac
[ -z "$data" ] || data=$(cd "$data" 2> /dev/null && pwd) || refuse "there is no folder for --data"
mkdir -p "$(dirname "$archive")" 2> /dev/null && archive=$(cd "$(dirname "$archive")" && pwd)/$(basename "$archive")
[ ! -d "$archive" ] && touch "$archive" 2> /dev/null || refuse "$archive cannot be written"

# Everything is written here: the bundle may lie where nothing may be written.
work= child=
trap 'rm -rf "$work"; [ -s "$archive" ] || rm -f "$archive"' EXIT
work=$(mktemp -d) || refuse "there is no place for temporary files; TMPDIR can name one"
# What runs has a process group of its own, which the terminal's signals do not reach.
trap '[ -z "$child" ] || { kill "$child"; wait "$child"; } 2> /dev/null; exit 130' INT TERM HUP
results=$work/gpu-checks
mkdir "$results" && cd "$results" || refuse "$work cannot be written"
export HOME=${HOME:-$work} DOTNET_EnableDiagnostics=0 EDSR_TEST_ACCELERATOR=$kind
unset EDSR_DATA EDSR_FORCE_CONV2D_FPROP EDSR_FORCE_CONV2D_WGRAD

failed=0
begun=$SECONDS
printf '| step | result | seconds |\n|---|---|--:|\n' > summary.md

# row NAME RESULT SECONDS
row() {
    printf '| %s | %s | %s |\n' "$1" "$2" "$3" >> summary.md
    printf '%-12s %s, %s s\n' "$1" "$2" "$3"
}

# step NAME SECONDS required|optional COMMAND...: its output goes to NAME.txt; one that takes too long is ended.
step() {
    local name=$1 limit=$2 need=$3 left=$((total - (SECONDS - begun))) start=$SECONDS code
    shift 3
    [ "$left" -lt "$limit" ] && limit=$left
    if [ "$limit" -lt 5 ]; then
        code=124
    else
        timeout --kill-after=10 "$limit" "$@" > "$name.txt" 2>&1 < /dev/null &
        child=$!
        wait "$child"
        code=$?
        child=
    fi
    case $code in
        0) row "$name" passed $((SECONDS - start)) ;;
        86) row "$name" "compute-sanitizer found errors" $((SECONDS - start)) ;;
        124 | 137) row "$name" "$([ "$limit" -lt 5 ] && echo "no time was left" || echo "not ended in $limit s")" $((SECONDS - start)) ;;
        *) row "$name" "failed ($code)" $((SECONDS - start)) ;;
    esac
    [ "$code" -eq 0 ] || [ "$need" = optional ] || failed=1
    return "$code"
}

# skip NAME WHY
skip() { row "$1" "skipped: $2" 0; }

system() {
    echo "bundle $(cat "$bundle/VERSION")"
    uname -a
    sed -n 's/^PRETTY_NAME=//p' /etc/os-release
    lscpu 2> /dev/null || grep -m 1 'model name' /proc/cpuinfo
    grep -E 'MemTotal|MemAvailable' /proc/meminfo
    echo "CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES-} LD_LIBRARY_PATH=${LD_LIBRARY_PATH-}"
    # What the programs load and the system lacks.
    ldd "$bin"/edsr "$bin"/*.so* 2> /dev/null | grep 'not found'
    if command -v nvidia-smi; then
        nvidia-smi
        nvidia-smi -q
    fi
    return 0
}

device_works() {
    "$bin/edsr" devices --test
    echo
    # Whoever names a device that cannot be used is refused.
    "$bin/edsr" upscale "$samples/lines_LR.png" -o "$work/lines.png" --model bicubic --device "$device"
}

kernel_tests() { "$bin/EdsrIlgpu.Kernels.Tests" -noColor -reporter verbose -showLiveOutput -result-xml kernels.xml "$@"; }

sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda*/bin/compute-sanitizer 2> /dev/null | tail -n 1)

# sanitized TOOL: every kernel on small problems. The driver refuses some of what ILGPU asks it while it looks for devices; that is no fault.
sanitized() {
    EDSR_TEST_SMALL=1 "$sanitizer" --tool "$1" --report-api-errors no --error-exitcode 86 \
        "$bin/EdsrIlgpu.Kernels.Tests" -noColor -reporter verbose -trait oclgrind=yes
}

benchmark() { "$bin/EdsrIlgpu.Benchmarks" "$1" "$device" $quick --json "$1.json"; }

peer() { "$bin/EdsrIlgpu.Benchmarks" problems > problems.json && python3 "$bundle/peer_pytorch.py" --problems problems.json $quick --json peer.json --ours ladder.json network.json training.json; }

evaluation() { "$bin/edsr" eval --hr "${data:-$samples}" --scale 2 --device "$device"; }

# Functions run in a shell of their own, so that each can be ended.
export bundle bin samples device quick data work sanitizer
export -f system device_works kernel_tests sanitized benchmark peer evaluation

step system 60 required bash -c "system"
step device 120 required bash -c "device_works" && works=1 || works=
if [ -n "$works" ]; then
    if [ "$kind" = host ]; then
        step kernels 600 required bash -c "kernel_tests -namespace EdsrIlgpu.Kernels.Tests.Host"
    else
        step kernels 600 required bash -c "kernel_tests -namespace EdsrIlgpu.Kernels.Tests.Accelerators -class- EdsrIlgpu.Kernels.Tests.Accelerators.OclgrindTests"
    fi
    step engine 600 required "$bin/EdsrIlgpu.Tests" -noColor -reporter verbose -trait accelerator=yes -result-xml engine.xml
    for tool in memcheck racecheck; do
        if [ "$kind" != cuda ]; then
            skip "$tool" "for CUDA only"
        elif [ -z "$sanitizer" ]; then
            skip "$tool" "no compute-sanitizer here"
        else
            step "$tool" 900 required bash -c "sanitized $tool"
        fi
    done
    step eval 600 required bash -c "evaluation"
    for table in ladder network training; do
        step "$table" 600 required bash -c "benchmark $table"
    done
    if [ "$kind" != cuda ]; then
        skip pytorch "for CUDA only"
    elif ! timeout 60 python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' > /dev/null 2>&1; then
        skip pytorch "no PyTorch with CUDA here"
    else
        step pytorch 1200 optional bash -c "peer"
    fi
    if [ "$kind" = host ]; then
        step forward 600 required "$bin/EdsrIlgpu.Benchmarks" forward --filter '*'
    fi
else
    skip "all others" "the device cannot be used"
fi

tar -czf "$archive" -C "$work" gpu-checks || { echo "run-gpu-checks.sh: $archive could not be written." >&2; exit 1; }
echo "$archive: please send it back."
exit "$failed"
