# What does an L1 of the matrix do?  Run in L1's shell by firn run --exec, behind a line that sets smp (vCPUs of L2), kvm (vhe, nvhe,
# protected), life (1: L2s come and go, too), without (words of kvm-guest) and patient (of a kernel).  Each line of its output is for
# tests/matrix/run: "wrong ...", "exits N", "done"; and "| ..." is what an L2 has said up to now, for whoever wants to know where it hangs.
mount -t debugfs none /sys/kernel/debug 2>/dev/null
wrong() { echo "wrong $*"; }

case $kvm in
vhe) mode='VHE mode initialized' ;;
nvhe) mode='Hyp nVHE mode initialized\|Hyp mode initialized\|hVHE mode initialized' ;;
protected) mode='Protected .*mode initialized' ;;
esac
dmesg | grep -q "kvm \[.*$mode" || wrong "KVM: $(dmesg | grep 'kvm \[' | tail -n 1)"

# What L2 says on its console goes on at once, and what kvm-guest has to say of its end belongs to the output.
mkfifo /tmp/console
tell() {
	local line
	while read -r line; do
		echo "| $line"
		case $line in 'kvm-guest: '* | 'L2: '*) echo "$line" >>/tmp/said ;; esac
	done
}
# L1's KVM counts what it sees of L2, as long as the VM is there.
run() { # words of kvm-guest: output in /tmp/out
	local pid teller now status=0
	: >/tmp/said
	tell </tmp/console &
	teller=$!
	# shellcheck disable=SC2086 # words
	kvm-guest $without --verbose "$@" </dev/null >/tmp/out 2>/tmp/console &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		now=$(cat /sys/kernel/debug/kvm/exits 2>/dev/null)
		[ "${now:-0}" = 0 ] || exits=$now
		usleep 100000
	done
	wait $pid || status=$?
	wait $teller
	cat /tmp/said >>/tmp/out
	return $status
}

run --smp "$smp" --append "$patient" --exec "$(cat /matrix/load.sh)" || wrong "kvm-guest: status $?"
grep '^L2:' /tmp/out | while read -r line; do wrong "$line"; done
grep -qx "load done on $smp" /tmp/out || wrong "L2 ended early: $(tail -n 1 /tmp/out)"
echo "exits ${exits:-0}"

# name, status, what is said: an L2 that ends in one way or another, nothing of which L1 keeps.
ends() {
	local name=$1 expected=$2 said=$3 status=0
	shift 3
	run "$@" || status=$?
	[ $status = "$expected" ] && grep -q "$said" /tmp/out || wrong "$name: status $status, $(tail -n 1 /tmp/out)"
}
killed() {
	# shellcheck disable=SC2086 # words
	kvm-guest $without --smp "$smp" --exec 'echo runs; while :; do :; done' </dev/null >/tmp/out 2>&1 &
	while kill -0 $! 2>/dev/null && ! grep -q runs /tmp/out; do usleep 100000; done
	kill -9 $! || wrong "kill -9: L2 was gone already"
	wait $! 2>/dev/null
}
if [ "$life" = 1 ]; then
	ends "power off" 0 '' --append 'rdinit=/bin/busybox -- poweroff -f'
	ends reset 1 'L2 asked for a reset' --append 'rdinit=/bin/busybox -- reboot -f'
	ends panic 1 'L2 asked for a reset' --append rdinit=/nowhere
	killed
	n=0
	while [ $n -lt 10 ]; do
		ends "VM $n of ten" 0 '' --append 'rdinit=/bin/busybox -- poweroff -f'
		n=$((n + 1))
	done
	[ "$(ls -d /sys/kernel/debug/kvm/*-* 2>/dev/null | wc -l)" = 0 ] || wrong "VMs are left in L1"
fi

dmesg | grep -v stall_timeout | grep -E 'WARNING:|BUG:|Oops|stall|Call trace' | head -n 5 | while read -r line; do wrong "L1: $line"; done
dmesg | grep 'kvm \[' | grep -vE -f /matrix/known | while read -r line; do wrong "L1: unknown $line"; done
echo done
