terraform {
  required_version = ">= 1.10"

  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.67"
    }
  }
}

# DIGITALOCEAN_TOKEN, SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY are in the environment.
provider "digitalocean" {}

resource "digitalocean_container_registry" "images" {
  name                   = "acme"
  subscription_tier_slug = "basic"
  region                 = "fra1"
}

resource "digitalocean_spaces_bucket" "backups" {
  name   = "acme-backups"
  region = "fra1"
  acl    = "private"

  # What a lost key deletes is still there.
  versioning {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Of the environment ostack-backup, which makes backups and deletes old ones.
resource "digitalocean_spaces_key" "backup" {
  name = "acme-backup"

  grant {
    bucket     = digitalocean_spaces_bucket.backups.name
    permission = "readwrite"
  }
}

# Of the environment ostack-restore, which restores them on trial.
resource "digitalocean_spaces_key" "restore" {
  name = "acme-restore"

  grant {
    bucket     = digitalocean_spaces_bucket.backups.name
    permission = "read"
  }
}

output "backup_write_key" {
  value = digitalocean_spaces_key.backup.access_key
}

output "backup_write_secret" {
  value     = digitalocean_spaces_key.backup.secret_key
  sensitive = true
}

output "backup_read_key" {
  value = digitalocean_spaces_key.restore.access_key
}

output "backup_read_secret" {
  value     = digitalocean_spaces_key.restore.secret_key
  sensitive = true
}
