"""A child that never comes back, for the test of the time limit."""

import time

if __name__ == "__main__":
    time.sleep(60)
