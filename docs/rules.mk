# The man pages: checked, installed and removed.

MAN_PAGES := $(wildcard docs/man/*.[1-9])
MAN_ROOT   = $(DESTDIR)$(PREFIX)/share/man

.PHONY: install-man uninstall-man lint-man
install-man:
	install -d "$(MAN_ROOT)/man1" "$(MAN_ROOT)/man3" "$(MAN_ROOT)/man7"
	for page in $(MAN_PAGES); do install -m 644 $$page "$(MAN_ROOT)/man$${page##*.}/" || exit 1; done

uninstall-man:
	for page in $(notdir $(MAN_PAGES)); do rm -f "$(MAN_ROOT)/man$${page##*.}/$$page"; done

lint-man:
	mandoc -Tlint -Wwarning $(MAN_PAGES)

# ---- pictures -----------------------------------------------------------------

$(BUILD)/picture: docs/pictures/picture.c
	@mkdir -p $(@D)
	$(HOST_C) $< -ljansson -o $@

# Of real terminals: what they show is what is in the documents.
.PHONY: pictures
pictures: all $(BUILD)/picture
	docs/pictures/pictures.sh $(BUILD)/droste $(BUILD) $(BUILD)/picture docs/pictures

# Links, references, what is quoted; and the commands that the lecturer's guide shows.
.PHONY: test-documents
test-documents: all lab-solutions
	python3 -B tests/documents.py
	timeout 120 tests/labs/handouts.sh $(BUILD) docs/teaching.md

# For slides, drawn from measured runs.
.PHONY: figures
figures: all
	$(call install_missing,python3)
	python3 docs/figures/figures.py $(BUILD)/droste docs/figures
