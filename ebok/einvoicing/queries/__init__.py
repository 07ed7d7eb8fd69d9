"""What einvoicing knows: ways, sendings, failures, prints. Asked by submodule."""
