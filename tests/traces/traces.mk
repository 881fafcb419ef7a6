# Is a recording the run that firn stat measures, for every Linux, workload and mode?  make same CELLS='7.3 .* nv2$' runs some of them.
.PHONY: same
SAME_GUESTS := linux,linux-nvhe,linux-6.12,linux-7.3,linux-6.12-16k,linux-7.3-16k,small-vhe,small-vhe-16k,small-vhe-64k,small-nvhe
same: all ## each guest, workload and mode on one CPU, recorded and measured: the same counts; the table is build/same.txt
	tests/traces/same $(BUILD)/firn $(or $(GUESTS),$(SAME_GUESTS)) --table $(BUILD)/same.txt $(if $(CELLS),--cells '$(CELLS)')
