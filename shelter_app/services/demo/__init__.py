"""The demo house: invented people over three years, made by the services themselves."""

from shelter_app.services.demo.house import DemoVault, ensure

__all__ = ["DemoVault", "ensure"]
