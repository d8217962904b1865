# The tiny operating system, from outside.

.PHONY: test-os
test-os: all
	tests/os/os.sh $(BUILD)
