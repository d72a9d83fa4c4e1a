"""Words and letters of a sentence: TF-IDF word and character n-grams into a one-vs-rest linear SVM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bot.nlu.text import normalise


@dataclass(frozen=True)
class NgramSettings:
    """Typed configuration of `NgramModel`.

    word_ngrams, char_ngrams: shortest and longest n-gram. c: inverse regularisation of the linear SVM.
    max_features: how many n-grams are kept (best by chi-squared), which bounds the size of the model.
    """

    word_ngrams: tuple[int, int] = (1, 2)
    char_ngrams: tuple[int, int] = (2, 5)
    c: float = 0.8
    max_features: int = 60_000
    seed: int = 20261123


class NgramFeatures:
    """Turns raw texts into rows of TF-IDF weights; words and letters side by side, the best of them kept."""

    def __init__(
        self, settings: NgramSettings, words: TfidfVectorizer, letters: TfidfVectorizer, kept: np.ndarray | None = None
    ) -> None:
        """`kept`: numbers of the n-grams a model uses; None: all of them."""
        self.settings, self._words, self._letters = settings, words, letters
        self.kept = np.arange(self.size) if kept is None else kept
        # scikit-learn sums a diagonal as large as the vocabulary each time it is asked for these.
        self._word_idf, self._letter_idf = words.idf_.astype(np.float32), letters.idf_.astype(np.float32)

    @classmethod
    def fit(
        cls, texts: Sequence[str], y: np.ndarray, settings: NgramSettings
    ) -> tuple[NgramFeatures, sparse.csr_matrix]:
        """The features of `texts`, and their rows."""
        normalised = [normalise(text) for text in texts]
        words = _vectorizer(settings.word_ngrams, None)
        letters = _vectorizer(settings.char_ngrams, "char_wb", min_df=2)
        x = sparse.hstack([words.fit_transform(normalised), letters.fit_transform(normalised)]).tocsr()
        kept = _best(x, y, settings.max_features)
        return cls(settings, words, letters, kept), x[:, kept]

    @property
    def size(self) -> int:
        """How many n-grams there are, kept or not."""
        return len(self._words.vocabulary_) + len(self._letters.vocabulary_)

    def all_rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Rows over all n-grams, the kept ones and the others: selecting columns of a short message costs more."""
        normalised = [normalise(text) for text in texts]
        words = _weighted(self._words, self._word_idf, normalised)
        return sparse.hstack([words, _weighted(self._letters, self._letter_idf, normalised)], format="csr")

    def known_share(self, text: str) -> float:
        """Share of the words of `text` seen in training; 0.0 for a text without words."""
        words = normalise(text).split()
        return sum(word in self._words.vocabulary_ for word in words) / len(words) if words else 0.0

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` needs."""
        return {
            "word_ngrams": np.array(self.settings.word_ngrams),
            "char_ngrams": np.array(self.settings.char_ngrams),
            "word_terms": _terms(self._words),
            "word_idf": self._word_idf,
            "char_terms": _terms(self._letters),
            "char_idf": self._letter_idf,
            "kept": self.kept.astype(np.int32),
        }

    @classmethod
    def from_arrays(cls, data: Mapping[str, np.ndarray]) -> NgramFeatures:
        """The features behind `arrays()`."""
        settings = NgramSettings(tuple(data["word_ngrams"].tolist()), tuple(data["char_ngrams"].tolist()))
        words = _vectorizer(settings.word_ngrams, None, terms=data["word_terms"], idf=data["word_idf"])
        letters = _vectorizer(settings.char_ngrams, "char_wb", terms=data["char_terms"], idf=data["char_idf"])
        return cls(settings, words, letters, data["kept"])


class NgramModel:
    """One-vs-rest linear SVM over `NgramFeatures`; gives margins, one column per class."""

    def __init__(self, features: NgramFeatures, coefficients: np.ndarray, intercept: np.ndarray) -> None:
        """`coefficients`: (kept features, classes)."""
        self.features, self._kept_coefficients, self._intercept = features, coefficients, intercept
        # Zero rows for the n-grams that were not kept, so that `all_rows` needs no selection.
        self._coefficients = np.zeros((features.size, coefficients.shape[1]), dtype=np.float32)
        self._coefficients[features.kept] = coefficients

    @classmethod
    def fit(cls, features: NgramFeatures, x: sparse.csr_matrix, y: np.ndarray) -> NgramModel:
        """Train on rows `x` (kept features) with class numbers `y` 0..k-1."""
        svm = LinearSVC(
            C=features.settings.c, class_weight="balanced", random_state=features.settings.seed, max_iter=3000
        ).fit(x, y)
        coefficients, intercept = svm.coef_, svm.intercept_
        if len(svm.classes_) == 2:  # scikit-learn keeps one row
            coefficients, intercept = np.vstack([-coefficients, coefficients]), np.hstack([-intercept, intercept])
        return cls(features, coefficients.T.astype(np.float32), intercept.astype(np.float32))

    def margins(self, texts: Sequence[str]) -> np.ndarray:
        """Distance to each class's border, one row per raw text."""
        return self.features.all_rows(texts) @ self._coefficients + self._intercept

    def margins_of_rows(self, x: sparse.csr_matrix) -> np.ndarray:
        """The same for rows of kept features."""
        return x @ self._kept_coefficients + self._intercept

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` needs, weights in half precision."""
        return {
            **self.features.arrays(),
            "coefficients": self._kept_coefficients.astype(np.float16),
            "intercept": self._intercept,
        }

    @classmethod
    def from_arrays(cls, data: Mapping[str, np.ndarray]) -> NgramModel:
        """The model behind `arrays()`."""
        return cls(NgramFeatures.from_arrays(data), data["coefficients"].astype(np.float32), data["intercept"])


def _best(x: sparse.csr_matrix, y: np.ndarray, amount: int) -> np.ndarray:
    if x.shape[1] <= amount:
        return np.arange(x.shape[1])
    return np.flatnonzero(SelectKBest(chi2, k=amount).fit(x, y).get_support())


def _weighted(vectorizer: TfidfVectorizer, idf: np.ndarray, texts: list[str]) -> sparse.csr_matrix:
    """What `vectorizer.transform` gives, without its detour over a diagonal matrix as large as the vocabulary."""
    counts = CountVectorizer.transform(vectorizer, texts)
    values = (np.log(counts.data) + 1.0) * idf[counts.indices]
    weighted = sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape, dtype=np.float32)
    return normalize(weighted, copy=False)


def _terms(vectorizer: TfidfVectorizer) -> np.ndarray:
    return np.array(sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__))


def _vectorizer(
    ngrams: tuple[int, int], analyzer: str | None, *, min_df: int = 1, terms: np.ndarray | None = None,
    idf: np.ndarray | None = None,
) -> TfidfVectorizer:  # fmt: skip
    options = {"analyzer": analyzer} if analyzer else {"token_pattern": r"\S+"}
    vocabulary = None if terms is None else {term: number for number, term in enumerate(terms.tolist())}
    vectorizer = TfidfVectorizer(
        ngram_range=ngrams, sublinear_tf=True, dtype=np.float32, min_df=min_df, vocabulary=vocabulary, **options
    )
    if idf is not None:
        vectorizer.idf_ = idf
    return vectorizer
