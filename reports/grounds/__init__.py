"""Facts that decisions of an incentive sheet may refer to."""
