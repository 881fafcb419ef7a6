# Which functions are there?  From `nm -n` of the first link to the table that host/report/symbols.c reads.
BEGIN {
	n = offset = 0
}
$2 ~ /^[tT]$/ && $3 !~ /^\$/ {
	address[n] = $1
	name[n++] = $3
}
END {
	print "\t.section .symtab_firn, \"a\"\n\t.balign 8\n\t.global firn_symbol_count, firn_symbols, firn_symbol_names"
	print "firn_symbol_count:\n\t.quad " n "\nfirn_symbols:"
	for (i = 0; i < n; i++) {
		print "\t.quad 0x" address[i] "\n\t.word " (offset + 0) ", 0"
		offset += length(name[i]) + 1
	}
	print "firn_symbol_names:"
	for (i = 0; i < n; i++)
		print "\t.asciz \"" name[i] "\""
}
