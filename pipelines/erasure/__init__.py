"""Erasure, objection and access: what one person may ask for, and what keeps that person out from then on."""
