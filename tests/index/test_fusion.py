"""Fusing: a document rises a little in good company; copies lend each other nothing."""

from __future__ import annotations

import numpy as np

from index.fusion import COMPANY, in_company

EAST, NORTH, UP = np.eye(3, dtype=np.float32)
NEAR_EAST = (EAST + 0.5 * NORTH) / np.linalg.norm(EAST + 0.5 * NORTH)


def test_of_two_equals_the_one_near_a_good_document_stands_first() -> None:
    scores = np.array([3.0, 1.0, 1.0], dtype=np.float32)
    moved = in_company(scores, np.stack([EAST, NEAR_EAST, UP]))
    assert moved[1] > moved[2]
    assert moved[0] > moved[1]


def test_company_moves_a_score_by_little() -> None:
    draw = np.random.default_rng(0)
    wholes = draw.standard_normal((200, 16)).astype(np.float32)
    wholes /= np.linalg.norm(wholes, axis=1, keepdims=True)
    scores = draw.standard_normal(200).astype(np.float32)
    moved = in_company(scores, wholes) - scores
    assert abs(moved.mean()) < 1e-5
    assert abs(moved.std() - COMPANY) < 1e-5


def test_a_copy_of_a_good_document_lends_it_nothing() -> None:
    scores = np.array([3.0, 3.0, 1.0, 1.0], dtype=np.float32)
    moved = in_company(scores, np.stack([EAST, EAST, NORTH, UP]))
    assert moved.tolist() == scores.tolist()


def test_without_meaning_or_alone_nothing_moves() -> None:
    scores = np.array([2.0, 1.0], dtype=np.float32)
    assert in_company(scores, np.zeros((2, 0), dtype=np.float32)).tolist() == [2.0, 1.0]
    assert in_company(scores[:1], EAST[None]).tolist() == [2.0]
