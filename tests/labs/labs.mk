# The labs: the command, handouts, starters, solutions and wrong solutions.  In make check a few
# of them; all in make test-labs-all.

.PHONY: test-labs test-labs-all test-gradescope
test-labs: all lab-solutions
	timeout 120 tests/labs/command.sh $(BUILD)
	timeout 120 env WRONG_MOST=2 tests/labs/grades.sh $(BUILD) 3-dispatcher

test-labs-all: all lab-solutions
	timeout 300 tests/labs/command.sh $(BUILD)
	timeout 1800 tests/labs/grades.sh $(BUILD) $(LAB_NAMES)
	timeout 1800 tests/labs/handouts.sh $(BUILD) $(LAB_NAMES:%=labs/%/README.md)

# In a clean root, as root: some minutes, and the network.
test-gradescope: all lab-solutions
	$(call install_missing,debootstrap unzip jq)
	$(MAKE) --no-print-directory gradescope LAB=3
	timeout 3000 tests/labs/gradescope.sh $(BUILD) 3
