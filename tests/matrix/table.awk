# How does the matrix look?  Reads the results (see run), prints a table as text, or as a page with html=1.
function cell(key) {
	if (!(key in verdict))
		return "-"
	return verdict[key] " " seconds[key] " s" (exits[key] == "-" ? "" : " " exits[key])
}
function escaped(s) {
	gsub(/&/, "\\&amp;", s)
	gsub(/</, "\\&lt;", s)
	return s
}
{
	verdict[$1] = $2
	seconds[$1] = $3
	exits[$1] = $4
	if ($2 != "ok")
		bad[++bads] = $1 ": " $5
	split($1, word, " ")
	if (!(word[1] in seen)) {
		seen[word[1]] = 1
		kernel[++kernels] = word[1]
	}
}
END {
	columns = split("nv2 1|nv2 4|nv 1|nv 4", column, "|")
	ways = split("vhe|nvhe|protected", way, "|")
	if (html) {
		print "<!doctype html><meta charset=utf-8><title>firn: the matrix</title>"
		print "<style>body{font:14px sans-serif}td,th{border:1px solid #aaa;padding:3px 8px;text-align:left}table{border-collapse:collapse}" \
			".wrong{background:#fbb}.ok{background:#dfd}</style>"
		print "<h1>Linux KVM as L1, the same Linux as L2</h1><p>A cell: how it went, seconds, exits of L2 that L1's KVM counted.</p><table>"
		print "<tr><th>kernel<th>KVM<th>nv2, 1 CPU<th>nv2, 4 CPUs<th>nv, 1 CPU<th>nv, 4 CPUs<th>reboot, panic, kexec of L1"
	} else
		printf "%-10s %-10s %-20s %-20s %-20s %-20s %s\n", "kernel", "KVM", "nv2, 1 CPU", "nv2, 4 CPUs", "nv, 1 CPU", "nv, 4 CPUs", "L1's life"
	for (k = 1; k <= kernels; k++)
		for (w = 1; w <= ways; w++) {
			printf html ? "<tr><td>%s<td>%s" : "%-10s %-10s", kernel[k], way[w]
			for (c = 1; c <= columns; c++) {
				key = kernel[k] " " way[w] " " column[c]
				if (html)
					printf "<td class=%s>%s", key in verdict ? verdict[key] : "none", cell(key)
				else
					printf " %-20s", cell(key)
			}
			key = kernel[k] " life"
			if (w == 1)
				printf html ? "<td rowspan=3 class=%s>%s" : "%.0s %s", key in verdict ? verdict[key] : "none", cell(key)
			print ""
		}
	if (html)
		print "</table>"
	for (b = 1; b <= bads; b++)
		print html ? "<p>" escaped(bad[b]) : bad[b]
}
