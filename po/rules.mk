# Messages in other languages: what stands in _() or N_() (inspector/words.h), the table of faults, and the
# texts of the labs' JSON go to $(BUILD)/po/droste.pot; po/LANGUAGE.po has their translations, which the
# build compiles to $(BUILD)/locale.
#
# To add a language: msginit -i build/po/droste.pot -o po/LANGUAGE.po -l LANGUAGE, and translate.  After
# messages have changed: make po, and translate what po/*.po then has without a translation, or fuzzy.

LANGUAGES := $(patsubst po/%.po,%,$(wildcard po/*.po))
PO_JSON   := $(wildcard labs/[123]-*/lab.json labs/[123]-*/rubric.json)
PO_TITLES := $(wildcard labs/*/lab.json)
PO_C      := $(sort $(shell grep -l 'words\.h"' cli/*.c inspector/*.c properties/*.c))
JSON_TEXT := "\([^"\\]\|\\.\)*"
XGETTEXT   = xgettext --omit-header --from-code=UTF-8 --add-location=file --language=C -k -k_ -kN_ -kwords_n:1,2

all: $(LANGUAGES:%=$(BUILD)/locale/%/LC_MESSAGES/droste.mo)

$(BUILD)/locale/%/LC_MESSAGES/droste.mo: po/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

# Texts of JSON, and of the table of commands, as calls of _(), which xgettext reads.
$(BUILD)/po/labs.c: $(PO_JSON) $(PO_TITLES) $(wildcard cli/*.c) po/rules.mk
	@mkdir -p $(@D)
	{ grep -oh '"\(say\|ask\|read\)": $(JSON_TEXT)' $(PO_JSON); grep -oh '"title": $(JSON_TEXT)' $(PO_TITLES); } | sed 's/^"[a-z]*": \(.*\)$$/_(\1)/' >$@
	sed -n 's/^\t\.summary = \(".*"\),$$/_(\1)/p' cli/*.c >>$@

# Of the table of faults students see what is correct; of the rows on tasks the part and what to read, too.
$(BUILD)/po/droste.pot: $(PO_C) properties/faults.def $(BUILD)/po/labs.c
	$(XGETTEXT) -o $@.c $(PO_C)
	$(XGETTEXT) -kFAULT:5 -o $@.faults properties/faults.def
	for column in 3 6; do \
	  sed -n '/ tasks: /,$$p' properties/faults.def | $(XGETTEXT) -kFAULT:$$column -o - - | sed 's|^#: .*|#: properties/faults.def|' >$@.$$column || exit 1; done
	$(XGETTEXT) -o - $(BUILD)/po/labs.c | sed 's|^#: .*|#: labs|' >$@.labs
	printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' | msgcat --use-first -o $@ - $@.c $@.faults $@.3 $@.6 $@.labs

.PHONY: po test-po
po: $(BUILD)/po/droste.pot
	for po in po/*.po; do msgmerge --quiet --update --backup=none --no-wrap --add-location=file $$po $< || exit 1; done

# That every message has its translation, and every translated document the structure of the English one.
test-po: all $(BUILD)/po/droste.pot
	timeout 100 python3 -B tests/languages.py $(BUILD)
