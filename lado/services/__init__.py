"""Writing: one public function a use case, the act first."""
