"""Tests of the robustness room."""
