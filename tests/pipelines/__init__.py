"""Tests of the pipeline from the drop folder to the release."""
