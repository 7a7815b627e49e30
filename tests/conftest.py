"""What every test shares."""

from hypothesis import settings

# Machines that run tests are shared and noisy: how long an example takes says nothing.
settings.register_profile("xunwen", deadline=None)
settings.load_profile("xunwen")
