# What of its CPU does L1 see?  awk -f features.awk nv/arch/sysreg_list.h nv/arch/fields.h REASONS CPU.bare CPU.l1 [CPU.bare CPU.l1...]: the
# table of docs/features.md, for fields that any of the CPUs or L1 has; then the fields that none has. A file of a CPU is what
# tests/guests/features prints. Fails, with a line for each to the error output, if
#
#   - bits that are not 0 have no name in fields.h, nor a reason for their whole register;
#   - L1 sees another value than the CPU has and no reason says why, or a reason is there for a field whose values are the same.
BEGIN { FS = "[ \t(),]+" }

# X(ID_AA64PFR0_EL1, 3, 0, 0, 4, 0, ...
/^\tX\(ID_AA64/ { names[$7 " " $8] = $3; next }

# #define ID_AA64PFR0_FIELD_EL1 BITS(7, 4)
/^#define ID_AA64[A-Z]+[0-9]_[A-Z0-9_]+ +BITS/ {
	split($2, part, "_")
	reg = part[1] "_" part[2] "_EL1"
	name = substr($2, length(part[1]) + length(part[2]) + 3)
	sub(/^FIELD_/, "", name)
	field[reg, $5] = name
	next
}

# REGISTER.FIELD|why; the field may be *
FILENAME ~ /reasons$/ {
	at = index($0, "|")
	if (at && $0 !~ /^#/) {
		reason[substr($0, 1, at - 1)] = substr($0, at + 1)
		order[++reasons] = substr($0, 1, at - 1)
	}
	next
}

$1 == "id" {
	cpu = FILENAME
	sub(/^.*\//, "", cpu)
	side = cpu ~ /\.bare$/ ? "bare" : "l1"
	sub(/\.[a-z0-9]*$/, "", cpu)
	if (!(cpu in known)) {
		known[cpu] = 1
		cpus[++count] = cpu
	}
	value[cpu, side, $2 " " $3] = $4
}

function complain(text) {
	print text | "cat >&2"
	failed = 1
}

# The hexadecimal digit of a field, by its lowest bit.
function digit(cpu, side, id, low) {
	return substr(value[cpu, side, id], 16 - low / 4, 1)
}

# One field: its row, or nothing if all are 0.
function show(id, low,    i, b, l, cells, any, differs, reg, key, name, why, explained) {
	for (i = 1; i <= count; i++) {
		b = digit(cpus[i], "bare", id, low)
		l = digit(cpus[i], "l1", id, low)
		any = any || b != "0" || l != "0"
		differs = differs || b != l
		cells = cells " " (b == l ? b : b " → " l) " |"
	}
	reg = substr(names[id], 1, length(names[id]) - 4)
	name = field[names[id], low]
	key = reg (name ? "." name : "[" low + 3 ":" low "]")
	if (!any) {
		if (name)
			none = none (none ? ", " : "") key
		return
	}
	why = (key in reason) ? key : reg ".*"
	explained = why in reason
	if (!name && !explained)
		complain("no name in nv/arch/fields.h: " key)
	if (differs && !explained)
		complain("neither shown nor explained: " key)
	if (differs)
		used[why] = 1
	printf "| %s |%s %s |\n", key, cells, differs && explained ? reason[why] : ""
}

END {
	line = "| Field |"
	under = "|---|"
	for (i = 1; i <= count; i++) {
		line = line " " cpus[i] " |"
		under = under "---|"
	}
	print line " Why L1 sees another value |\n" under "---|"
	for (crm = 4; crm < 8; crm++)
		for (op2 = 0; op2 < 8; op2++)
			for (low = 0; low < 64; low += 4)
				show(crm " " op2, low)
	print "\n0 on all of these CPUs, and for L1: " none "."
	for (i = 1; i <= reasons; i++)
		if (!(order[i] in used))
			complain("a reason for what is not so: " order[i])
	close("cat >&2")
	exit failed
}
