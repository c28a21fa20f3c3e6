"""The call page: what somebody says becomes a case while they talk."""
