"""Tests of Respite."""
