"""The bundled sample corpus: short notes written for Alignloom, free to pass on (CC BY 4.0)."""
