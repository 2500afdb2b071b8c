"""Why a triple follows, told as text, JSON or PROV-O."""
