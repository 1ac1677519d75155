"""Calculators on dated legal parameters. Training material, not legal advice (非法律意见)."""
