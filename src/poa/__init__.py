"""poa: drafts an Amazon seller's Plan of Action and proves what it says."""
