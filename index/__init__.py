"""From documents to answers.

In: the shelf's texts. Out: the passages that answer a question, by meaning and by words, each at
its exact place. Open `question.py` for what can be asked, `searcher.py` for how it is answered,
`building.py` for how an index comes to be and stays in step with the shelf.
"""
