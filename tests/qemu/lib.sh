# How does a test on QEMU run, end and report?  Sourced by tests/qemu/run.
#
# A job is a function in a subshell, at most two at a time, since one QEMU is one core. It reports any number of results with
# report. What it starts through guarded or run_until is ended with the job.

PATH=$PATH:/usr/sbin:/sbin # mke2fs and debugfs, which are not on the path of an ordinary user
jobs_max=2
hang=${FIRN_HANG_SECONDS:-1800} # what takes longer hangs, however loaded the machine is
qemu=${FIRN_QEMU:-qemu-system-aarch64}
work=$(mktemp -d)
main_pid=$BASHPID
patterns=()
# For a Linux whose time is the machine's: it complains of what it does itself, and not of a loaded machine. A CPU may be busy for five minutes.
patience='watchdog_thresh=150 rcupdate.rcu_cpu_stall_timeout=300'

# Everything that was started is ended by its own number, and nothing is left in the folder of temporary files.
finish() {
	local status=$? file
	[ "$BASHPID" = "$main_pid" ] || return
	trap - EXIT
	for file in $(jobs -rp) "$work"/pids/*; do
		[[ $file == */\* ]] || kill "${file##*/}" 2>/dev/null
	done
	wait
	rm -rf "$work"
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$work/pids" "$work/logs"
exec 3>&1

wanted() { # name
	local pattern
	[ ${#patterns[@]} -gt 0 ] || return 0
	for pattern in "${patterns[@]}"; do
		[[ $1 == *$pattern* ]] && return 0
	done
	return 1
}

# One line, and behind a "not ok" up to 20 lines of what was seen.
report() { # status name [file with details]
	{
		flock 9
		if [ "$1" = 0 ]; then
			echo "ok - $2" >&3
			echo ok >>"$work/results"
		else
			echo "not ok - $2" >&3
			[ -z "${3-}" ] || tail -n 20 "$3" | sed 's/^/#   /' >&3
			echo failed >>"$work/results"
		fi
	} 9>>"$work/lock"
}

job() { # name function arguments...
	local name=$1
	shift
	wanted "$name" || return 0
	while [ "$(jobs -rp | wc -l)" -ge $jobs_max ]; do
		wait -n
	done
	(
		dir=$work/$BASHPID
		mkdir "$dir"
		echo "# $name" >&3
		"$@" 3>&3
		rm -rf "$dir"
	) &
}

# Ends, but lets the job see the status; 124 is a hang.
guarded() { # command...
	local pid status=0
	timeout "$hang" "$@" </dev/null &
	pid=$!
	: >"$work/pids/$pid"
	wait $pid || status=$?
	rm -f "$work/pids/$pid"
	return $status
}

# What does not end by itself, until it has printed a line like that to $dir/out. Fails if it never does, or is gone then.
run_until() { # pattern command...
	local pattern=$1 pid status=0
	shift
	: >"$dir/out"
	timeout "$hang" "$@" </dev/null >"$dir/out" 2>&1 &
	pid=$!
	: >"$work/pids/$pid"
	while [ -d /proc/$pid ] && ! grep -q "$pattern" "$dir/out"; do
		sleep 0.2
	done
	[ -d /proc/$pid ] || status=1
	kill $pid 2>/dev/null
	wait $pid 2>/dev/null
	rm -f "$work/pids/$pid"
	return $status
}

# A port of this machine's that nobody has: the kernel gives none of these to who asks for any, and no other job of this run gets it.
free_port() {
	local port end
	read -r end _ </proc/sys/net/ipv4/ip_local_port_range
	while :; do
		port=$((10000 + RANDOM % (end - 10000)))
		mkdir "$work/port.$port" 2>/dev/null && ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
	done
	echo "$port"
}

summary() {
	local passed failed
	wait
	passed=$(grep -c ok "$work/results" 2>/dev/null)
	failed=$(grep -c failed "$work/results" 2>/dev/null)
	echo "${passed:-0} passed, ${failed:-0} failed"
	[ "${failed:-0}" = 0 ] && [ "${passed:-0}" != 0 ]
}

# --- machines ------------------------------------------------------------------------------------------------------

hardware() { # cpu smp memory: words of a command line, in the array `machine`
	machine=("$qemu" -nodefaults -no-user-config -display none -nic none -cpu "$1" -smp "$2" -m "$3" -no-reboot
		-machine virt,virtualization=on,gic-version=3,dtb-randomness=off)
}

# A program at EL2 of the machine itself.
bare() { # image bootargs cpu smp
	hardware "$3" "$4" 512M
	guarded "${machine[@]}" -serial stdio -kernel "$1" -append "$2"
}

# QEMU's own device tree with more source text behind it: nodes of the same name are merged.
tree_with() { # text output
	local words=("${machine[@]}")
	words[${#words[@]}-1]+=,dumpdtb=$dir/plain.dtb
	guarded "${words[@]}" >"$dir/dtb.log" 2>&1
	dtc -q -I dtb -O dts -o "$dir/plain.dts" "$dir/plain.dtb" && printf '%s\n' "$1" >>"$dir/plain.dts" &&
		dtc -q -I dts -O dtb -o "$2" "$dir/plain.dts"
}

# A VM's node, with its kernel at an address where the loader device puts it.
module_at() { # address file [bootargs]
	printf 'module@%x { compatible = "multiboot,kernel", "multiboot,module"; reg = <0 %#x 0 %#x>; bootargs = "%s"; };' \
		"$1" "$1" "$(stat -c %s "$2")" "${3-}"
}
vm_node() { # index mode module [more properties]
	printf 'vm@%s { compatible = "firn,vm"; #address-cells = <2>; #size-cells = <2>; firn,mode = "%s"; cpus = <1>; ' "$1" "$2"
	printf 'memory = <0 0x2000000>; %s %s };' "${4-}" "$3"
}

# Console text, without what a terminal needs.
plain() {
	tr -d '\r'
}
