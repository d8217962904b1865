# The labs: handouts, starters, solutions and wrong solutions.  In make check a few of them; all in
# make test-labs-all.

QUICK_LABS ?= 3-dispatcher

.PHONY: test-labs test-labs-all
test-labs: all lab-solutions
	timeout 120 tests/labs/grades.sh $(BUILD) $(QUICK_LABS)
	timeout 120 tests/labs/handouts.sh $(BUILD) $(QUICK_LABS:%=labs/%/README.md)

test-labs-all: all lab-solutions
	timeout 900 tests/labs/grades.sh $(BUILD) $(LAB_NAMES)
	timeout 900 tests/labs/handouts.sh $(BUILD) $(LAB_NAMES:%=labs/%/README.md)

# In a clean root, as root: some minutes, and the network.
.PHONY: test-gradescope
test-gradescope: all lab-solutions
	$(call install_missing,debootstrap unzip jq)
	$(MAKE) --no-print-directory gradescope LAB=3
	timeout 3000 tests/labs/gradescope.sh $(BUILD) 3
