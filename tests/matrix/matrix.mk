# Every kernel, in every way that KVM has, in both modes, with one CPU and with four: see tests/matrix/run.
.PHONY: matrix matrix-ci
matrix: all ## every kernel as L1 and as L2, in both modes, VHE, nVHE and protected; the table is in build/matrix
	tests/matrix/run $(BUILD)

matrix-ci: all
	tests/matrix/run $(BUILD) --ci
test: matrix-ci
