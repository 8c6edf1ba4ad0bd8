"""Ways to sign in: passkeys and e-mailed codes, by django-allauth."""
