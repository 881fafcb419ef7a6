# How is the page of firn view made?  Sources and libraries in one file.  Included by the Makefile.
VIEW_CODE := $(sort $(wildcard $(addprefix traces/view/*.,jsx js mjs css))) traces/view/package.json
VIEW := $(VIEW_CODE) traces/view/page.html traces/view/package-lock.json
PRETTIER := $(BUILD)/view/node_modules/.bin/prettier --log-level warn

$(BUILD)/view/node_modules: traces/view/package.json traces/view/package-lock.json | $(BUILD)/ready
	$(call say,NPM,traces/view/package-lock.json)
	@mkdir -p $(@D)
	cp $^ $(@D)
	cd $(@D) && npm ci --no-audit --no-fund --silent
	touch $@
$(BUILD)/view.html: $(VIEW) $(BUILD)/view/node_modules
	$(call say,PAGE,$@)
	cp $(VIEW) $(BUILD)/view
	node $(BUILD)/view/build.mjs $@

.PHONY: view-format-check view-fmt
view-format-check: $(BUILD)/view/node_modules
	$(call say,FORMAT,"$(words $(VIEW_CODE)) files of traces/view")
	$(PRETTIER) --check $(VIEW_CODE)
view-fmt: $(BUILD)/view/node_modules
	$(PRETTIER) --write $(VIEW_CODE)

include traces/view/book.mk
