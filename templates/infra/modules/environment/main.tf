terraform {
  required_providers {
    digitalocean = {
      source = "digitalocean/digitalocean"
    }
    github = {
      source = "integrations/github"
    }
    tls = {
      source  = "hashicorp/tls"
      version = "~> 4.1"
    }
  }
}

resource "digitalocean_vpc" "network" {
  name     = var.name
  region   = var.region
  ip_range = var.network
}

data "digitalocean_kubernetes_versions" "offered" {
  version_prefix = var.kubernetes_version
}

resource "digitalocean_kubernetes_cluster" "cluster" {
  name     = var.name
  region   = var.region
  vpc_uuid = digitalocean_vpc.network.id
  version  = data.digitalocean_kubernetes_versions.offered.latest_version
  ha       = var.highly_available

  # Nodes may pull from the registry of the account.
  registry_integration = true

  auto_upgrade  = true
  surge_upgrade = true

  maintenance_policy {
    day        = "tuesday"
    start_time = "04:00"
  }

  node_pool {
    name       = "workers"
    size       = var.node_size
    auto_scale = true
    min_nodes  = var.nodes.min
    max_nodes  = var.nodes.max
  }

  lifecycle {
    prevent_destroy = true

    # It upgrades itself within the version that is asked for.
    ignore_changes = [version]
  }
}

resource "digitalocean_database_cluster" "database" {
  name                 = var.name
  engine               = "pg"
  version              = var.database_version
  size                 = var.database_size
  region               = var.region
  node_count           = var.database_nodes
  private_network_uuid = digitalocean_vpc.network.id

  maintenance_window {
    day  = "tuesday"
    hour = "03:00:00"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "digitalocean_database_db" "app" {
  cluster_id = digitalocean_database_cluster.database.id
  name       = "app"

  lifecycle {
    prevent_destroy = true
  }
}

resource "digitalocean_database_firewall" "database" {
  cluster_id = digitalocean_database_cluster.database.id

  rule {
    type  = "k8s"
    value = digitalocean_kubernetes_cluster.cluster.id
  }

  dynamic "rule" {
    for_each = toset(var.backup_addresses)

    content {
      type  = "ip_addr"
      value = rule.value
    }
  }
}

# What Flux reads the ops repository with, and writes its own files with when it is installed.
resource "tls_private_key" "flux" {
  algorithm = "ED25519"
}

resource "github_repository_deploy_key" "flux" {
  title      = "flux-${var.name}"
  repository = var.ops_repository
  key        = tls_private_key.flux.public_key_openssh
  read_only  = false
}
