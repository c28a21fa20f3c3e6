"""What may be done with a case: a form for each verb, and which of them a person is offered."""
