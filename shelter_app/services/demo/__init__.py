"""The demo house: invented people over three years, made by the services themselves."""

from shelter_app.services.demo.house import PASSPHRASE, DemoVault, ensure, fits

__all__ = ["PASSPHRASE", "DemoVault", "ensure", "fits"]
