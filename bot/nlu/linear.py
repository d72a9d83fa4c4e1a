"""A small, fast text model: word and character n-grams into a linear classifier with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bot.nlu.text import normalise

_FOLDS = 3


@dataclass(frozen=True)
class LinearSettings:
    """Typed configuration of `LinearTextModel`.

    word_ngrams, char_ngrams: shortest and longest n-gram. c: inverse regularisation of the linear SVM.
    max_features: how many n-grams are kept (best by chi-squared), which bounds the size of the model.
    """

    word_ngrams: tuple[int, int] = (1, 2)
    char_ngrams: tuple[int, int] = (2, 5)
    c: float = 0.8
    max_features: int = 60_000
    seed: int = 20261123


class LinearTextModel:
    """TF-IDF word and character n-grams, one-vs-rest linear SVM, margins turned into probabilities by one temperature.

    The temperature is fitted on margins of sentences the fold's model did not see, so that 0.8 means "right in eight of
    ten", as far as the training sentences go.
    """

    def __init__(self, settings: LinearSettings = LinearSettings()) -> None:
        self.settings = settings
        self.classes: list[str] = []
        self.temperature = 1.0
        self.held_out: tuple[np.ndarray, np.ndarray] | None = None

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> LinearTextModel:
        """Train on `texts` (raw) with one label each; keeps held-out probabilities in `held_out` for thresholds.

        Raises:
            ValueError: fewer than two different labels.
        """
        self.classes = sorted(set(labels))
        if len(self.classes) < 2:
            raise ValueError("a classifier needs at least two different labels")
        index = {label: number for number, label in enumerate(self.classes)}
        y = np.array([index[label] for label in labels])
        normalised = [normalise(text) for text in texts]
        self._word = TfidfVectorizer(
            ngram_range=self.settings.word_ngrams, token_pattern=r"\S+", sublinear_tf=True, dtype=np.float32
        )
        self._char = TfidfVectorizer(
            analyzer="char_wb", ngram_range=self.settings.char_ngrams, sublinear_tf=True, min_df=2, dtype=np.float32
        )
        x = sparse.hstack([self._word.fit_transform(normalised), self._char.fit_transform(normalised)]).tocsr()
        self._kept = self._select(x, y)
        x = x[:, self._kept]
        self._calibrate(x, y)
        self._set_weights(self._svm().fit(x, y))
        return self

    def _select(self, x: sparse.csr_matrix, y: np.ndarray) -> np.ndarray:
        if x.shape[1] <= self.settings.max_features:
            return np.arange(x.shape[1])
        return np.flatnonzero(SelectKBest(chi2, k=self.settings.max_features).fit(x, y).get_support())

    def _svm(self) -> LinearSVC:
        return LinearSVC(C=self.settings.c, class_weight="balanced", random_state=self.settings.seed, max_iter=3000)

    def _calibrate(self, x: sparse.csr_matrix, y: np.ndarray) -> None:
        margins = np.zeros((x.shape[0], len(self.classes)), dtype=np.float32)
        smallest = int(np.bincount(y).min())
        if smallest < _FOLDS:
            self.temperature = 0.25
            return
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=self.settings.seed)
        for train, held_out in folds.split(x, y):
            margins[held_out] = _as_columns(self._svm().fit(x[train], y[train]).decision_function(x[held_out]))
        picked = np.arange(len(y)), y

        def loss(temperature: float) -> float:
            return float(-np.log(_softmax(margins / temperature)[picked] + 1e-9).mean())

        self.temperature = float(minimize_scalar(loss, bounds=(0.05, 2.0), method="bounded").x)
        self.held_out = _softmax(margins / self.temperature), y

    def _set_weights(self, svm: LinearSVC) -> None:
        coefficients, intercept = svm.coef_, svm.intercept_
        if len(self.classes) == 2:
            coefficients, intercept = np.vstack([-coefficients, coefficients]), np.hstack([-intercept, intercept])
        self._coefficients = self._over_all_features(coefficients.T)
        self._intercept = intercept.astype(np.float32)

    def _over_all_features(self, kept_rows: np.ndarray) -> np.ndarray:
        """Zero rows for the n-grams that were not kept: a message's few n-grams then need no selection, which is slow."""
        size = len(self._word.vocabulary_) + len(self._char.vocabulary_)
        rows = np.zeros((size, kept_rows.shape[1]), dtype=np.float32)
        rows[self._kept] = kept_rows
        return rows

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Probabilities, one row per text and one column per class (in the order of `classes`)."""
        normalised = [normalise(text) for text in texts]
        x = sparse.hstack([_weighted(self._word, normalised), _weighted(self._char, normalised)], format="csr")
        margins = x @ self._coefficients + self._intercept
        return _softmax(margins / self.temperature)

    def known_share(self, text: str) -> float:
        """Share of the words of `text` that the model has seen; 0.0 for a text without words."""
        words = normalise(text).split()
        if not words:
            return 0.0
        return sum(word in self._word.vocabulary_ for word in words) / len(words)

    def save(self, path: Path) -> None:
        """Write the model to `path` (.npz, no pickled code)."""
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            temperature=np.array([self.temperature], dtype=np.float32),
            word_ngrams=np.array(self.settings.word_ngrams),
            char_ngrams=np.array(self.settings.char_ngrams),
            word_terms=_terms(self._word),
            word_idf=self._word.idf_.astype(np.float32),
            char_terms=_terms(self._char),
            char_idf=self._char.idf_.astype(np.float32),
            kept=self._kept.astype(np.int32),
            coefficients=self._coefficients[self._kept].astype(np.float16),
            intercept=self._intercept,
        )

    @classmethod
    def load(cls, path: Path) -> LinearTextModel:
        """Read a model that `save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            model = cls(LinearSettings(tuple(data["word_ngrams"].tolist()), tuple(data["char_ngrams"].tolist())))
            model.classes = data["classes"].tolist()
            model.temperature = float(data["temperature"][0])
            model._word = _vectorizer(data["word_terms"], data["word_idf"], model.settings.word_ngrams, None)
            model._char = _vectorizer(data["char_terms"], data["char_idf"], model.settings.char_ngrams, "char_wb")
            model._kept = data["kept"]
            model._coefficients = model._over_all_features(data["coefficients"])
            model._intercept = data["intercept"]
        return model


def _weighted(vectorizer: TfidfVectorizer, texts: list[str]) -> sparse.csr_matrix:
    """What `vectorizer.transform` gives, without its detour over a diagonal matrix as large as the vocabulary."""
    counts = CountVectorizer.transform(vectorizer, texts)
    values = (np.log(counts.data) + 1.0) * vectorizer.idf_[counts.indices]
    weighted = sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape, dtype=np.float32)
    return normalize(weighted, copy=False)


def _terms(vectorizer: TfidfVectorizer) -> np.ndarray:
    return np.array(sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__))


def _vectorizer(terms: np.ndarray, idf: np.ndarray, ngrams: tuple[int, int], analyzer: str | None) -> TfidfVectorizer:
    vocabulary = {term: number for number, term in enumerate(terms.tolist())}
    options = {"analyzer": analyzer} if analyzer else {"token_pattern": r"\S+"}
    vectorizer = TfidfVectorizer(
        ngram_range=ngrams, sublinear_tf=True, dtype=np.float32, vocabulary=vocabulary, **options
    )
    vectorizer.idf_ = idf
    return vectorizer


def _as_columns(margins: np.ndarray) -> np.ndarray:
    return np.column_stack([-margins, margins]) if margins.ndim == 1 else margins


def _softmax(margins: np.ndarray) -> np.ndarray:
    exponent = np.exp(margins - margins.max(axis=1, keepdims=True))
    return exponent / exponent.sum(axis=1, keepdims=True)
