# How is the book made?  Chapters, lessons and the lessons' recordings in a folder that a browser reads.  Included by view.mk.
BOOK := $(BUILD)/book
BOOK_FROM := $(wildcard docs/*.md docs/*.svg docs/*.png docs/lessons/*.md traces/recorded/*.dat)

# ---- what a user does ---------------------------------------------------------------------------------------------

.PHONY: book
book: $(BOOK)/index.html ## docs and lessons as a site in build/book: no network, no server, each lesson beside its recording
$(BOOK)/index.html: $(BOOK_FROM) $(VIEW) $(BUILD)/firn $(BUILD)/view.html $(addprefix $(BUILD)/guest/,small-vhe.elf small-nvhe.elf lesson.elf)
	$(call say,BOOK,$@)
	cp $(VIEW) $(BUILD)/view
	rm -rf $(BOOK)
	node $(BUILD)/view/book.mjs $(BUILD) $(BOOK)
