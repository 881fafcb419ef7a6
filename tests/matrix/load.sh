# What does an L2 of the matrix do?  Run in L2's shell: a little of everything that a guest does, each with a result of its own.
# Prints a line for each part that went wrong, and "load done" at the end.
wrong() { echo "L2: $*"; }

n=0
while [ $n -lt 20 ]; do # fork, wait
	(exit 3)
	[ $? = 3 ] || wrong "fork $n"
	n=$((n + 1))
done
[ "$(seq 1 3000 | sort -n -r | tail -n 1000 | head -n 1)" = 1000 ] || wrong pipe
dd if=/dev/urandom of=/tmp/a bs=1M count=16 2>/dev/null # memory
cat /tmp/a /tmp/a >/tmp/b && dd if=/tmp/b bs=1M skip=16 2>/dev/null | cmp -s - /tmp/a || wrong memory
rm -f /tmp/a /tmp/b

read -r before _ </proc/uptime # timer
usleep 300000
read -r after _ </proc/uptime
awk -v a="$before" -v b="$after" 'BEGIN { exit !(b - a >= 0.29) }' || wrong "timer: $before to $after"

cpus=$(nproc) # IPIs: a task has to come to each CPU, and be woken there from another
ipis() { awk '/^IPI/ { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' /proc/interrupts; }
before=$(ipis)
for cpu in $(seq 0 $((cpus - 1))); do
	taskset -c "$cpu" sh -c 'usleep 1000; echo x' | taskset -c $(((cpu + 1) % cpus)) cat >/dev/null || wrong "CPU $cpu"
done
[ "$cpus" = 1 ] || [ "$(ipis)" -gt "$before" ] || wrong "IPI: $before before and after"
dmesg | grep -v stall_timeout | grep -E 'WARNING:|BUG:|Oops|stall|Call trace' | head -n 5 | sed 's/^/L2: /'
echo "load done on $cpus"
