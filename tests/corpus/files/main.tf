terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "region" {
  type    = string
  default = "eu-north-1"
}

resource "aws_s3_bucket" "tides" {
  bucket = "tides-${var.region}"

  tags = {
    Team = "harbour"
  }
}

output "bucket" {
  value = aws_s3_bucket.tides.arn
}
